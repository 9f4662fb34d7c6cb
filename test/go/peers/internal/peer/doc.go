// Package peer is what all Go hosts and plugins of the tests share: the start of a plugin from the command line,
// reports as JSON lines, and the handshake.
package peer

import (
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// Handshake is that of go-plugin's own examples, so that any of them can be on the other side.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Conn is what Dispense returns to our hosts: the RPC client, without a wrapper for each method.
type Conn struct {
	Broker *plugin.MuxBroker
	RPC    *rpc.Client
}

// Plugin makes a plugin.Plugin from a constructor. Hosts leave New nil.
type Plugin struct {
	New func(*plugin.MuxBroker) (any, error)
}

// Server makes the object whose methods are served as "Plugin". go-plugin calls it once for each Dispense.
func (p *Plugin) Server(broker *plugin.MuxBroker) (any, error) { return p.New(broker) }

// Client returns the connection as it is.
func (p *Plugin) Client(broker *plugin.MuxBroker, client *rpc.Client) (any, error) {
	return &Conn{Broker: broker, RPC: client}, nil
}
