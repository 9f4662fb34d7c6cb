// Package upload is the contract of host and plugin, the twin of ../../contract.ts.
package upload

import (
	"io"

	"github.com/hashicorp/go-plugin"
)

var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

// Uploads is the plugin's service.
type Uploads interface {
	// FileWillBeUploaded reads file, and may write another one to replacement. It returns why the file is refused.
	FileWillBeUploaded(name string, file io.Reader, replacement io.Writer) (refused string, err error)
}
