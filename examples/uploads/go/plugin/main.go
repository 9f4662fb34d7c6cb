// Command plugin is the twin of ../../plugin.ts.
package main

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/hashicorp/go-plugin"

	"goplug.example/uploads/upload"
)

type uploads struct{}

func (uploads) FileWillBeUploaded(name string, file io.Reader, replacement io.Writer) (string, error) {
	if strings.HasSuffix(name, ".exe") {
		return "programs are not allowed", nil
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return "", err
	}
	if len(content) == 0 {
		return "", errors.New("the file is empty")
	}
	_, err = replacement.Write(bytes.ToUpper(content))
	return "", err
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: upload.Handshake,
		Plugins:         plugin.PluginSet{"uploads": &upload.Plugin{Impl: uploads{}}},
	})
}
