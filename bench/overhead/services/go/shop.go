// Command shop is the service in Go, with net/http. README.md says what it reads and does.
//
// Built with the tag `traced` it is instrumented (traced.go), without it nothing of OpenTelemetry is linked
// (plain.go).
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

type line struct {
	SKU      string  `json:"sku"`
	Note     string  `json:"note"`
	Quantity int     `json:"quantity"`
	Price    float64 `json:"price"`
}

type order struct {
	Lines []line `json:"lines"`
}

type shop struct {
	url    string
	rounds int
	wait   time.Duration
	text   []byte
	client *http.Client
}

func main() {
	address := os.Getenv("LISTEN")
	rounds, wait := number(os.Getenv("ROUNDS")), number(os.Getenv("WAIT_MS"))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	end := start(ctx)
	defer end()
	var found order
	for n := range 50 {
		found.Lines = append(found.Lines, line{fmt.Sprintf("sku-%d", n), "as ordered", 2, 1.5})
	}
	text, err := json.Marshal(found)
	if err != nil {
		log.Fatal(err)
	}
	// As many idle connections as requests may be under way: by default two of a host are kept.
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.Proxy, base.MaxIdleConnsPerHost = nil, 64
	s := shop{"http://" + address + "/stock", rounds, time.Duration(wait) * time.Millisecond, text, client(base)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /order", s.order)
	mux.HandleFunc("GET /stock", s.stock)
	mux.HandleFunc("GET /bare", s.bare)
	server := http.Server{Addr: address, Handler: handler(mux)}
	go func() { log.Print(server.ListenAndServe()) }()
	<-ctx.Done()
}

func number(text string) int {
	found, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return found
}

// work returns what an order costs, from as many parsed and written documents as rounds are asked for.
func (s shop) work() float64 {
	total := 0.0
	for range s.rounds {
		var found order
		if err := json.Unmarshal(s.text, &found); err != nil {
			log.Fatal(err)
		}
		for _, each := range found.Lines {
			total += float64(each.Quantity) * each.Price
		}
		written, err := json.Marshal(found)
		if err != nil {
			log.Fatal(err)
		}
		total += float64(len(written) - len(s.text))
	}
	return total
}

func (s shop) order(w http.ResponseWriter, r *http.Request) {
	total := s.work()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.url, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	response, err := s.client.Do(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	var stock map[string]int
	if err := json.NewDecoder(response.Body).Decode(&stock); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	// A connection is kept only if everything was read.
	_, _ = io.Copy(io.Discard, response.Body)
	answer(w, map[string]any{"total": total, "left": stock["left"]})
}

// stock answers after as long as a database would take.
func (s shop) stock(w http.ResponseWriter, _ *http.Request) {
	time.Sleep(s.wait)
	answer(w, map[string]any{"left": 7})
}

func (s shop) bare(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"left": 7})
}

func answer(w http.ResponseWriter, found map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(found)
}
