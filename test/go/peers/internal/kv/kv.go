// Package kv is the same on the wire as the net/rpc half of go-plugin's grpc example (plugin "kv"), but in memory.
// It also has a service with a method for each shape of value (plugin "types").
package kv

import (
	"fmt"
	"sync"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// The names to dispense.
const (
	Name      = "kv"
	TypesName = "types"
)

// Store keeps values as long as the process lives. Every Dispense gets the same one.
type Store struct {
	mu     sync.Mutex
	values map[string][]byte
}

// Put takes {"key": string, "value": []byte} behind interfaces and replies with a nil interface.
func (s *Store) Put(args map[string]any, _ *any) error {
	key, ok := args["key"].(string)
	if !ok {
		return fmt.Errorf("key is %T, want string", args["key"])
	}
	value, ok := args["value"].([]byte)
	if !ok {
		return fmt.Errorf("value is %T, want []byte", args["value"])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	return nil
}

// Get replies with the bytes put under the key, or with an error that names it.
func (s *Store) Get(key string, reply *[]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	if !ok {
		return fmt.Errorf("no such key: %s", key)
	}
	*reply = value
	return nil
}

// Set is what a plugin serves and a host asks for.
func Set() plugin.PluginSet {
	store := &Store{values: map[string][]byte{}}
	return plugin.PluginSet{
		Name: &peer.Plugin{New: func(*plugin.MuxBroker) (any, error) { return store, nil }},
		TypesName: &peer.Plugin{
			New: func(*plugin.MuxBroker) (any, error) { return Types{}, nil },
		},
	}
}
