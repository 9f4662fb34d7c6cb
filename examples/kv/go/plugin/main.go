// Command plugin is the twin of ../../plugin.ts. It keeps each value in a file kv_KEY in the working directory.
package main

import (
	"os"

	"github.com/hashicorp/go-plugin"

	"goplug.example/kv/kv"
)

type files struct{}

func (files) Put(key string, value []byte) error {
	return os.WriteFile("kv_"+key, append(value, "\n\nWritten from plugin-go-netrpc"...), 0o644)
}

func (files) Get(key string) ([]byte, error) { return os.ReadFile("kv_" + key) }

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: kv.Handshake,
		Plugins:         plugin.PluginSet{"kv": &kv.Plugin{Impl: files{}}},
	})
}
