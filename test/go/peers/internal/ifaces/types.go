// Package ifaces is the plugin "interfaces": methods whose arguments and replies are Go interfaces.
package ifaces

import (
	"encoding/gob"
	"time"
)

// RunArgs is registered as a value, by a name of its own.
type RunArgs struct {
	Name    string
	At      time.Time
	Options map[string]any
}

// Step is registered as a pointer.
type Step struct{ Index int }

// Shape is what has an area.
type Shape interface{ Area() float64 }

// Circle is a shape as a value.
type Circle struct{ Radius float64 }

// Area of the circle, roughly.
func (c Circle) Area() float64 { return 3 * c.Radius * c.Radius }

// Square is a shape behind its pointer only.
type Square struct{ Side float64 }

// Area of the square.
func (s *Square) Area() float64 { return s.Side * s.Side }

// Celsius is a named scalar.
type Celsius float64

// Moved is known by the name of its old package.
type Moved struct{ Tag string }

// Shaped has a field that holds a shape.
type Shaped struct{ Shape Shape }

func init() {
	gob.RegisterName("step.RunArgs", RunArgs{})
	gob.Register(&Step{})
	gob.RegisterName("main.Circle", Circle{})
	gob.RegisterName("*main.Square", &Square{})
	gob.RegisterName("main.Celsius", Celsius(0))
	gob.RegisterName("old/pkg.Moved", Moved{})
	gob.Register(map[string]any{})
	gob.Register(map[any]any{})
	gob.Register([]any{})
	gob.Register(time.Time{})
	gob.Register(time.Duration(0))
	gob.Register(new(any))
}
