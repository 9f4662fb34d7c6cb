// Command packer is packer-plugin-sdk on the other side of our examples.
//
//	packer start provisioner go   is a plugin, started as Packer starts plugins of the SDK
//	packer host PLUGIN ARGS...    starts a provisioner, lets it provision this machine, and prints the results
package main

import (
	"log"
	"os"

	"github.com/hashicorp/packer-plugin-sdk/plugin"
)

func main() {
	log.SetOutput(os.Stderr)
	if len(os.Args) > 2 && os.Args[1] == "host" {
		host(os.Args[2:])
		return
	}
	set := plugin.NewSet()
	set.RegisterProvisioner("go", &provisioner{})
	if err := set.Run(); err != nil {
		log.Fatal(err)
	}
}
