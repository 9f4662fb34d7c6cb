// Command plugin is the twin of ../../plugin.ts.
package main

import (
	"github.com/hashicorp/go-plugin"

	"goplug.example/greeter/greeter"
)

type hello struct{}

func (hello) Greet() (string, error) { return "Hello!", nil }

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: greeter.Handshake,
		Plugins:         plugin.PluginSet{"greeter": &greeter.Plugin{Impl: hello{}}},
	})
}
