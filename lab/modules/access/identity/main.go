// Command identity is an identity provider for tests: mockoidc, with a public key that everybody has.
//
// identity serve ADDRESS serves it until it is terminated. identity sign reads claims as JSON from its standard
// input and prints a token that it signed with that key; identity forge signs with a key that the provider does not
// have.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 2 && arguments[0] == "serve":
		return serve(arguments[1])
	case len(arguments) == 1 && arguments[0] == "sign":
		return sign(mockoidc.DefaultKeypair())
	case len(arguments) == 1 && arguments[0] == "forge":
		return sign(forged())
	}
	return fmt.Errorf("got %q; allowed: serve ADDRESS, sign, forge", arguments)
}

func serve(address string) error {
	provider, err := mockoidc.NewServer(nil)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if err := provider.Start(listener, nil); err != nil {
		return err
	}
	select {}
}

func sign(key *mockoidc.Keypair, err error) error {
	if err != nil {
		return err
	}
	claims := jwt.MapClaims{}
	if err := json.NewDecoder(os.Stdin).Decode(&claims); err != nil {
		return err
	}
	token, err := key.SignJWT(claims)
	if err != nil {
		return err
	}
	_, err = fmt.Println(token)
	return err
}

// forged returns a new key under the identifier of the provider's own.
func forged() (*mockoidc.Keypair, error) {
	own, err := mockoidc.DefaultKeypair()
	if err != nil {
		return nil, err
	}
	key, err := mockoidc.RandomKeypair(2048)
	if err != nil {
		return nil, err
	}
	key.Kid, err = own.KeyID()
	return key, err
}
