// Command plugin is the twin of ../../plugin.ts.
package main

import (
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/greeter/greeter"
)

// Its records arrive in the host's log, with their level and fields.
var logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})

type hello struct{}

func (hello) Greet() (string, error) {
	logger.Debug("message from GreeterHello.Greet")
	return "Hello!", nil
}

func main() {
	logger.Debug("message from plugin", "foo", "bar")
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: greeter.Handshake,
		Plugins:         plugin.PluginSet{"greeter": &greeter.Plugin{Impl: hello{}}},
	})
}
