// Command enforcer is kube-router's network policy controller alone, without its router and its proxy for Services:
// both would replace what the node already has.
//
// enforcer KUBECONFIG NODE SERVICES enforces the network policies of the cluster for the Pods of one node, in the
// network that it runs in, until it is terminated. SERVICES is the range of the Services' addresses.
package main

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

func main() {
	if len(os.Args) != 4 {
		klog.Exit("usage: enforcer KUBECONFIG NODE SERVICES")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		klog.Exit(err)
	}
}

func run(kubeconfig, node, services string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	controller, err := newController(client, factory, node, services)
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	// The controller stops when nobody reads its heartbeats.
	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		for range heartbeats {
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(heartbeats, stop, &running)
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM, syscall.SIGINT)
	<-terminated
	close(stop)
	running.Wait()
	return nil
}

func newController(
	client kubernetes.Interface, factory informers.SharedInformerFactory, node, services string,
) (*netpol.NetworkPolicyController, error) {
	settings := options.NewKubeRouterConfig()
	settings.HostnameOverride, settings.ClusterIPCIDRs = node, []string{services}
	settings.EnableIPv4, settings.EnableIPv6 = true, false
	// It also acts on each change; this is for rules that somebody else removed.
	settings.IPTablesSyncPeriod = 5 * time.Minute
	iptables, ipsets, err := netpol.NewIPTablesHandlers(settings)
	if err != nil {
		return nil, err
	}
	pods, namespaces := factory.Core().V1().Pods().Informer(), factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	controller, err := netpol.NewNetworkPolicyController(
		client, settings, pods, policies, namespaces, &sync.Mutex{}, iptables, ipsets)
	if err != nil {
		return nil, err
	}
	_, ofPods := pods.AddEventHandler(controller.PodEventHandler)
	_, ofNamespaces := namespaces.AddEventHandler(controller.NamespaceEventHandler)
	_, ofPolicies := policies.AddEventHandler(controller.NetworkPolicyEventHandler)
	return controller, errors.Join(ofPods, ofNamespaces, ofPolicies)
}
