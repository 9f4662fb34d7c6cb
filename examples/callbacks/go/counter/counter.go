// Package counter is what host and plugin agree on: the twin of ../../contract.ts.
package counter

import "github.com/hashicorp/go-plugin"

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Adder is what the host lends to the plugin for a while.
type Adder interface {
	Sum(a, b int) (int, error)
}

// Counter is the service.
type Counter interface {
	// Put adds value to the count of key; adder does the sum.
	Put(key string, value int, adder Adder) error
	Get(key string) (int, error)
}
