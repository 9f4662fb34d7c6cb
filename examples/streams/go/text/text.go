// Package text is the contract of host and plugin, the twin of ../../contract.ts.
package text

import (
	"io"

	"github.com/hashicorp/go-plugin"
)

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Text is the plugin's service.
type Text interface {
	// Upper reads source and writes it to sink, in capitals.
	Upper(source io.Reader, sink io.Writer) error
	// First reads one line of source.
	First(source io.Reader) (string, error)
	// The lines written to Log can be read from Lines, numbered.
	Log() (io.WriteCloser, error)
	Lines() (io.ReadCloser, error)
}
