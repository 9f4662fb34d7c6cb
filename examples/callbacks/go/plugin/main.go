// Command plugin is the twin of ../../plugin.ts.
package main

import (
	"sync"

	"github.com/hashicorp/go-plugin"

	"goplug.example/callbacks/counter"
)

type counts struct {
	mu    sync.Mutex
	byKey map[string]int
}

// Put holds the lock while it calls the adder. The adder must therefore not call the counter.
func (c *counts) Put(key string, value int, adder counter.Adder) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum, err := adder.Sum(c.byKey[key], value)
	if err != nil {
		return err
	}
	c.byKey[key] = sum
	return nil
}

func (c *counts) Get(key string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byKey[key], nil
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: counter.Handshake,
		Plugins: plugin.PluginSet{
			"counter": &counter.Plugin{Impl: &counts{byKey: map[string]int{}}},
		},
	})
}
