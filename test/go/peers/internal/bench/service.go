// Package bench is the service that the call benchmarks measure (plugin "bench", cookie
// BASIC_PLUGIN=hello, version 1) and the cases that drive it:
//
//	Plugin.Echo   string   -> string     a short text
//	Plugin.Struct Record   -> Record     ten scalar fields
//	Plugin.Bytes  []byte   -> []byte     the same bytes back
//	Plugin.Down   int      -> []byte     that many bytes of the pattern
//	Plugin.Up     []byte   -> int        how many bytes came
//
// The pattern: the byte at offset i is i modulo 251.
package bench

import (
	"sync"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// Name is the name to dispense.
const Name = "bench"

// Record is the struct of ten scalar fields.
type Record struct {
	ID      int64
	Name    string
	Active  bool
	Count   int
	Ratio   float64
	Level   uint8
	Flags   uint32
	Offset  int32
	Score   float64
	Comment string
}

// Service does no work, so that the call is measured and nothing else.
type Service struct{}

// Echo returns its argument.
func (Service) Echo(text string, reply *string) error {
	*reply = text
	return nil
}

// Struct returns its argument.
func (Service) Struct(record Record, reply *Record) error {
	*reply = record
	return nil
}

// Bytes returns its argument.
func (Service) Bytes(data []byte, reply *[]byte) error {
	*reply = data
	return nil
}

// Down returns n bytes of the pattern. They are made once: up to 4 MiB.
func (Service) Down(n int, reply *[]byte) error {
	*reply = Pattern()[:n]
	return nil
}

// Up returns the number of bytes.
func (Service) Up(data []byte, reply *int) error {
	*reply = len(data)
	return nil
}

// Pattern is the largest payload. Smaller ones are its first bytes. It is made on first use, because the time that a
// plugin takes to start is measured too.
var Pattern = sync.OnceValue(func() []byte {
	data := make([]byte, 4<<20)
	for i := range data {
		data[i] = byte(i % 251)
	}
	return data
})

// Set is what a plugin serves and a host asks for.
func Set() plugin.PluginSet {
	return plugin.PluginSet{Name: &peer.Plugin{
		New: func(*plugin.MuxBroker) (any, error) { return Service{}, nil },
	}}
}
