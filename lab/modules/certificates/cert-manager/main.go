// Command cert-manager is cert-manager's controller with the issuers that the lab has: self-signed certificates and
// certificates of an authority whose key is in a Secret. Its webhook and its injector are left out: nothing here
// sends it objects that they would refuse or complete.
//
// cert-manager KUBECONFIG issues and renews the certificates of a cluster until it is terminated.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	"k8s.io/klog/v2"
)

// One worker a controller: the lab has a handful of certificates.
const workers = 1

func main() {
	if len(os.Args) != 2 {
		klog.Exit("usage: cert-manager KUBECONFIG")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1]); err != nil {
		klog.Exit(err)
	}
}

func run(ctx context.Context, kubeconfig string) error {
	factory, err := controller.NewContextFactory(ctx, options(kubeconfig))
	if err != nil {
		return err
	}
	controllers := make([]controller.Interface, 0, len(controller.Known()))
	for _, build := range controller.Known() {
		one, err := build(factory)
		if err != nil {
			return err
		}
		controllers = append(controllers, one)
	}
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	ended := make([]error, len(controllers))
	var running sync.WaitGroup
	for number, one := range controllers {
		running.Go(func() { ended[number] = one.Run(workers, ctx) })
	}
	running.Wait()
	return errors.Join(ended...)
}

func options(kubeconfig string) controller.ContextOptions {
	return controller.ContextOptions{
		Kubeconfig: kubeconfig,
		// The released program's default; used only by API servers without fair queuing.
		KubernetesAPIQPS:   20,
		KubernetesAPIBurst: 50,
		// Where the keys of ClusterIssuers are.
		IssuerOptions: controller.IssuerOptions{ClusterResourceNamespace: "kube-system"},
		CertificateOptions: controller.CertificateOptions{
			// A lab's certificate that failed once must not wait the released program's hour.
			CertificateRequestMinimumBackoffDuration: 10 * time.Second,
			CertificateRequestMaximumBackoffDuration: time.Minute,
		},
	}
}
