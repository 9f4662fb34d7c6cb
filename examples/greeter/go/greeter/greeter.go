// Package greeter is the contract of host and plugin, the twin of ../../contract.ts.
package greeter

import (
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Greeter is the plugin's service.
type Greeter interface {
	Greet() (string, error)
}

// Plugin serves Impl in the plugin and returns a Greeter in the host.
type Plugin struct{ Impl Greeter }

func (p *Plugin) Server(*plugin.MuxBroker) (any, error) { return &server{p.Impl}, nil }

func (*Plugin) Client(_ *plugin.MuxBroker, c *rpc.Client) (any, error) { return &client{c}, nil }

type server struct{ impl Greeter }

func (s *server) Greet(_ any, reply *string) (err error) {
	*reply, err = s.impl.Greet()
	return err
}

type client struct{ rpc *rpc.Client }

func (c *client) Greet() (reply string, err error) {
	err = c.rpc.Call("Plugin.Greet", new(any), &reply)
	return reply, err
}
