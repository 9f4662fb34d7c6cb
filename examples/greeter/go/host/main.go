// Command host is the twin of ../../host.ts. It starts the plugin named on its command line, written in any language,
// and prints its greeting.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/greeter/greeter"
)

func main() {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: greeter.Handshake,
		Plugins:         plugin.PluginSet{"greeter": &greeter.Plugin{}},
		Cmd:             exec.Command(os.Args[1], os.Args[2:]...),
		Logger:          hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		log.Panic(err)
	}
	raw, err := connection.Dispense("greeter")
	if err != nil {
		log.Panic(err)
	}
	text, err := raw.(greeter.Greeter).Greet()
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(text)
}
