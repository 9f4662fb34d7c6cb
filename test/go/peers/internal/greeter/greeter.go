// Package greeter is the same on the wire as go-plugin's basic example: plugin "greeter", one method.
package greeter

import (
	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// Name is the name to dispense.
const Name = "greeter"

// Service has the method `Greet(nil interface) string`.
type Service struct{}

// Greet ignores its argument, as go-plugin's users do when they have none to pass.
func (Service) Greet(_ any, reply *string) error {
	*reply = "Hello!"
	return nil
}

// Set is what a plugin serves and a host asks for.
func Set() plugin.PluginSet {
	return plugin.PluginSet{Name: &peer.Plugin{
		New: func(*plugin.MuxBroker) (any, error) { return Service{}, nil },
	}}
}
