// Package peer is what all Go hosts and plugins of the tests share: starting a plugin from the
// command line, a report as JSON lines, and the handshake.
package peer

import (
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// Handshake is the one of go-plugin's own examples, so that any of them can be on the other side.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Conn is what Dispense gives our hosts: the bare calls, without a wrapper per method.
type Conn struct {
	Broker *plugin.MuxBroker
	RPC    *rpc.Client
}

// Plugin is a plugin.Plugin out of a constructor. Hosts leave New nil.
type Plugin struct {
	New func(*plugin.MuxBroker) (any, error)
}

// Server makes the object whose methods are served as "Plugin"; go-plugin asks once per Dispense.
func (p *Plugin) Server(broker *plugin.MuxBroker) (any, error) { return p.New(broker) }

// Client gives the host the connection as it is.
func (p *Plugin) Client(broker *plugin.MuxBroker, client *rpc.Client) (any, error) {
	return &Conn{Broker: broker, RPC: client}, nil
}
