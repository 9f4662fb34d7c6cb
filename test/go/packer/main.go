// Command packer is packer-plugin-sdk on either side of our examples.
//
//	packer start provisioner go   is a plugin, started as Packer starts those of the SDK
//	packer host PLUGIN ARGS...    starts a provisioner and has it work on this machine; prints what came of it
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
