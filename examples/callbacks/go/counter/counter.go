// Package counter is the contract of host and plugin, the twin of ../../contract.ts.
package counter

import "github.com/hashicorp/go-plugin"

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Adder is the service that the host lends to the plugin.
type Adder interface {
	Sum(a, b int) (int, error)
}

// Counter is the plugin's service.
type Counter interface {
	// Put adds value to the count of key. It leaves the addition to adder.
	Put(key string, value int, adder Adder) error
	Get(key string) (int, error)
}
