// Command host is the twin of ../../host.ts. It starts the plugin named on its command line, written in any language,
// and does the additions for it.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/callbacks/counter"
)

type adder struct{}

func (adder) Sum(a, b int) (int, error) {
	fmt.Printf("the plugin asks for %d + %d\n", a, b)
	return a + b, nil
}

func main() {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: counter.Handshake,
		Plugins:         plugin.PluginSet{"counter": &counter.Plugin{}},
		Cmd:             exec.Command(os.Args[1], os.Args[2:]...),
		Logger:          hclog.NewNullLogger(),
	})
	defer client.Kill()
	if err := count(client); err != nil {
		log.Panic(err) // Unlike log.Fatal, a panic runs the deferred Kill.
	}
}

func count(client *plugin.Client) error {
	connection, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connection.Dispense("counter")
	if err != nil {
		return err
	}
	counts := raw.(counter.Counter)
	for value := 1; value <= 2; value++ {
		if err := counts.Put("hello", value, adder{}); err != nil {
			return err
		}
	}
	value, err := counts.Get("hello")
	if err != nil {
		return err
	}
	fmt.Printf("hello = %d\n", value)
	return nil
}
