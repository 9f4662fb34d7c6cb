// Package kv is the contract of host and plugin, the twin of ../../contract.ts.
package kv

import (
	"fmt"
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Store is the plugin's service.
type Store interface {
	Put(key string, value []byte) error
	Get(key string) ([]byte, error)
}

// Plugin serves Impl in the plugin and returns a Store in the host.
type Plugin struct{ Impl Store }

func (p *Plugin) Server(*plugin.MuxBroker) (any, error) { return &server{p.Impl}, nil }

func (*Plugin) Client(_ *plugin.MuxBroker, c *rpc.Client) (any, error) { return &client{c}, nil }

type server struct{ impl Store }

func (s *server) Put(args map[string]any, _ *any) error {
	key, isString := args["key"].(string)
	value, isBytes := args["value"].([]byte)
	if !isString || !isBytes {
		return fmt.Errorf("key is %T and value %T, want string and []byte", args["key"], args["value"])
	}
	return s.impl.Put(key, value)
}

func (s *server) Get(key string, reply *[]byte) (err error) {
	*reply, err = s.impl.Get(key)
	return err
}

type client struct{ rpc *rpc.Client }

func (c *client) Put(key string, value []byte) error {
	return c.rpc.Call("Plugin.Put", map[string]any{"key": key, "value": value}, new(any))
}

func (c *client) Get(key string) (value []byte, err error) {
	err = c.rpc.Call("Plugin.Get", key, &value)
	return value, err
}
