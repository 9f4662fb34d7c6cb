// Package text is what host and plugin agree on: the twin of ../../contract.ts.
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

// Text is the service.
type Text interface {
	// Upper writes to sink what it reads from source, in capitals.
	Upper(source io.Reader, sink io.Writer) error
	// First reads one line of source.
	First(source io.Reader) (string, error)
	// What is written to Log comes out of Lines, numbered.
	Log() (io.WriteCloser, error)
	Lines() (io.ReadCloser, error)
}
