package ifaces

import (
	"fmt"
	"net/rpc"
	"time"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// Name is the plugin's name.
const Name = "interfaces"

// Set has the one plugin.
func Set() plugin.PluginSet {
	return plugin.PluginSet{Name: &peer.Plugin{New: func(broker *plugin.MuxBroker) (any, error) {
		return &Service{broker: broker}, nil
	}}}
}

// Service is served by the plugin, and lent in both directions.
type Service struct{ broker *plugin.MuxBroker }

// Run takes RunArgs and returns a *Step whose index is the length of the name.
func (s *Service) Run(args any, reply *any) error {
	run, ok := args.(RunArgs)
	if !ok {
		return fmt.Errorf("interface conversion: interface {} is %T, not step.RunArgs", args)
	}
	*reply = &Step{Index: len(run.Name)}
	return nil
}

// MaybeRun takes RunArgs or nil.
func (s *Service) MaybeRun(args any, reply *any) error {
	if args == nil {
		*reply = nil
		return nil
	}
	return s.Run(args, reply)
}

// Area of the shape.
func (s *Service) Area(args Shaped, reply *float64) error {
	*reply = args.Shape.Area()
	return nil
}

// Grow returns a square for a circle and a circle for a square.
func (s *Service) Grow(args Shaped, reply *Shaped) error {
	switch shape := args.Shape.(type) {
	case Circle:
		reply.Shape = &Square{Side: 2 * shape.Radius}
	case *Square:
		reply.Shape = Circle{Radius: 2 * shape.Side}
	}
	return nil
}

// Describe prints the type and the value.
func (s *Service) Describe(args any, reply *string) error {
	*reply = describe(args)
	return nil
}

func describe(value any) string {
	switch of := value.(type) {
	case *any:
		return fmt.Sprintf("*interface {} to %s", describe(*of))
	case *Step:
		return fmt.Sprintf("%T %v", of, *of)
	case []any:
		text := "[]interface {}:"
		for _, item := range of {
			text += " " + describe(item) + ";"
		}
		return text
	}
	return fmt.Sprintf("%T %v", value, value)
}

// Echo returns what it gets.
func (s *Service) Echo(args any, reply *any) error {
	*reply = args
	return nil
}

// EchoAny is Echo, for plugins that do not keep the type.
func (s *Service) EchoAny(args any, reply *any) error { return s.Echo(args, reply) }

// Pointers returns what it gets. None of the pointers may be nil.
func (s *Service) Pointers(args []*any, reply *[]*any) error {
	for _, pointer := range args {
		_ = *pointer
	}
	*reply = args
	return nil
}

// Make returns a value by its kind.
func (s *Service) Make(kind string, reply *any) error {
	*reply = Values[kind]
	return nil
}

// Values by kind.
var Values = map[string]any{
	"nil":      nil,
	"run":      RunArgs{Name: "abc", Options: map[string]any{"n": 1}},
	"step":     &Step{Index: 7},
	"circle":   Circle{Radius: 1},
	"celsius":  Celsius(21.5),
	"moved":    Moved{Tag: "t"},
	"int":      5,
	"int64":    int64(5),
	"float":    float64(5),
	"texts":    []string{"a", "b"},
	"list":     []any{1, "x", nil, 2.5, []byte{1}},
	"map":      map[string]any{"a": int8(1), "b": []any{true}},
	"keys":     map[any]any{1: "one", "two": 2},
	"duration": 90 * time.Second,
	"time":     time.Date(2024, 5, 6, 7, 8, 9, 10, time.UTC),
	"pointer":  func() any { var five any = 5; return &five }(),
}

// Lend asks for a call of Method with the value Args on the service that the caller lent.
type Lend struct {
	ID     uint32
	Method string
	Args   any
}

// Through calls the caller's service and describes the reply.
func (s *Service) Through(args Lend, reply *string) error {
	conn, err := s.broker.Dial(args.ID)
	if err != nil {
		return err
	}
	client := rpc.NewClient(conn)
	defer client.Close()
	var result any
	if err := client.Call("Plugin."+args.Method, &args.Args, &result); err != nil {
		return err
	}
	*reply = describe(result)
	return nil
}

// Offer serves another Service and gives its id.
func (s *Service) Offer(_ any, reply *uint32) error {
	*reply = s.broker.NextId()
	go s.broker.AcceptAndServe(*reply, &Service{broker: s.broker})
	return nil
}
