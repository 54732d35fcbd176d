// Command pulumi-resource-kubernetes is the official Kubernetes resource plugin. Its own main embeds two files that
// only a release of it makes; the module has them too, and here they lie beside the program.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker: the engine starts only a plugin of the very version that the SDK asks for.
var version string

func main() {
	provider.Serve("kubernetes", version, beside("schema.json"), beside("terraform-mapping.json"))
}

func beside(name string) []byte {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(program), name))
	if err != nil {
		log.Fatal(err)
	}
	return text
}
