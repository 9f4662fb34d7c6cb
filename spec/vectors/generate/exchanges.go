package main

import (
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"path/filepath"
	"reflect"
)

// exchange is one connection and its calls, which are made one after the other.
type exchange struct {
	id, clause, note string
	calls            []remoteCall
	// overtake sends all calls at once. The server answers the first call last.
	overtake bool
}

type remoteCall struct {
	method string
	args   any
	reply  func() any // a pointer to a fresh reply
}

func c[R any](method string, args any) remoteCall {
	return remoteCall{method, args, func() any { return new(R) }}
}

// Args and Quot are the arguments and the reply of Mult and Div.
type (
	Args struct{ A, B int }
	Quot struct{ Quo, Rem int }
)

var exchanges = []exchange{
	{id: "greet", clause: "NETRPC-1", note: "no arguments as go-plugin's users pass them, twice", calls: []remoteCall{
		c[string]("Plugin.Greet", new(any)), c[string]("Plugin.Greet", new(any)),
	}},
	{id: "errors", clause: "NETRPC-6", note: "the placeholder is defined once; Seq 0 is absent", calls: []remoteCall{
		c[string]("Plugin.Fail", new(any)), c[string]("Plugin.Fail", new(any)), c[string]("Plugin.Greet", new(any)),
	}},
	{id: "structs", clause: "NETRPC-1", note: "a struct as argument, an int and a struct as reply", calls: []remoteCall{
		c[int]("Plugin.Mult", &Args{7, 8}), c[int]("Plugin.Mult", &Args{2, 3}),
		c[Quot]("Plugin.Div", Args{7, 2}), c[Quot]("Plugin.Div", Args{7, 2}),
	}},
	{id: "interfaces", clause: "NETRPC-1", note: "a body cut in two by a definition; then nil both ways", calls: []remoteCall{
		c[any]("Plugin.Any", iface(5)), c[any]("Plugin.Any", iface(mapOfAny{"k": sliceOfAny{1, "x"}})),
		c[any]("Plugin.Any", new(any)),
	}},
	{id: "empty", clause: "NETRPC-1", note: "an empty struct both ways", calls: []remoteCall{
		c[struct{}]("Plugin.Nothing", struct{}{}), c[struct{}]("Plugin.Nothing", struct{}{}),
	}},
	{id: "refused", clause: "NETRPC-7", note: "what a server says to calls that it cannot make", calls: []remoteCall{
		c[int]("Nobody.Mult", 5), c[int]("Plugin.Nothing.At.All", 5), c[int]("Plugin.Missing", 5), c[int]("NoDot", 5),
		c[int]("", 5), c[int]("Plugin.Mult", "text"), c[int]("Plugin.Mult", struct{ Z int }{1}),
		c[any]("Plugin.Any", "text"), c[int]("Plugin.Mult", new(any)), c[int]("Plugin.Mult", &Args{7, 8}),
	}},
	{id: "silent-error", clause: "NETRPC-9", note: "an error without text is success", calls: []remoteCall{
		c[string]("Plugin.FailSilently", new(any)),
	}},
	{id: "overtaking", clause: "NETRPC-5", note: "the reply to Seq 1 comes first, and with it the definition of the header",
		overtake: true, calls: []remoteCall{
			c[string]("Plugin.Held", new(any)), c[string]("Plugin.Greet", new(any)),
		}},
}

// Service is what the server of each exchange serves as "Plugin".
type Service struct{ answered *os.File }

func (Service) Greet(_ any, reply *string) error      { *reply = "Hello!"; return nil }
func (Service) Fail(_ any, _ *string) error           { return errors.New("boom") }
func (Service) FailSilently(_ any, _ *string) error   { return errors.New("") }
func (Service) Mult(args *Args, reply *int) error     { *reply = args.A * args.B; return nil }
func (Service) Any(args any, reply *any) error        { *reply = args; return nil }
func (Service) Nothing(_ struct{}, _ *struct{}) error { return nil }
func (Service) Div(args Args, reply *Quot) error {
	*reply = Quot{args.A / args.B, args.A % args.B}
	return nil
}

// Held waits until the relay reports that another answer has overtaken it.
func (s Service) Held(_ any, reply *string) error {
	_, err := s.answered.Read(make([]byte, 1))
	*reply = "Held"
	return err
}

// stdio is a connection over the two pipes of a child process.
type stdio struct {
	io.Reader
	io.WriteCloser
}

func serveExchange() error {
	registerForExchanges()
	server := rpc.NewServer()
	if err := server.RegisterName("Plugin", Service{os.NewFile(3, "answered")}); err != nil {
		return err
	}
	server.ServeConn(stdio{os.Stdin, os.Stdout})
	return nil
}

// callExchange makes the calls and prints their results on fd 3.
func callExchange(id string) error {
	registerForExchanges()
	client := rpc.NewClient(stdio{os.Stdin, os.Stdout})
	outcomes := []any{}
	for _, exchange := range exchanges {
		if exchange.id != id {
			continue
		}
		pending := []*rpc.Call{}
		for _, call := range exchange.calls {
			going := client.Go(call.method, call.args, call.reply(), make(chan *rpc.Call, 1))
			pending = append(pending, going)
			if !exchange.overtake {
				<-going.Done
				going.Done <- going
			}
		}
		for _, call := range pending {
			<-call.Done
			outcomes = append(outcomes, outcome(call))
		}
	}
	text, err := marshal(outcomes)
	if err != nil {
		return err
	}
	_, err = os.NewFile(3, "outcomes").Write(text)
	return err
}

// registerForExchanges runs on both sides, because gob needs the same names on both.
func registerForExchanges() {
	gob.Register(mapOfAny{})
	gob.Register(sliceOfAny{})
}

func outcome(call *rpc.Call) object {
	entry := object{{"serviceMethod", call.ServiceMethod}, {"args", typed(call.Args)}}
	if call.Error != nil {
		return append(entry, pair{"error", reliable(call.Error).Error()})
	}
	return append(entry, pair{"reply", typed(call.Reply)})
}

// typed describes a value with its type. A pointer at the top level is removed.
func typed(value any) object {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return object{{"type", describeType(v.Type())}, {"value", describeValue(v)}}
}

func writeExchanges(path string) error {
	entries := [][]byte{}
	for _, exchange := range exchanges {
		entry, err := record(exchange)
		if err != nil {
			return fmt.Errorf("%s: %w", exchange.id, err)
		}
		text, err := marshal(entry)
		if err != nil {
			return err
		}
		entries = append(entries, text)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return writeFile(path, entries)
}

// chunk is bytes from one side. Neighbouring chunks of one side are joined, because their boundaries are random.
type chunk struct {
	from string
	data []byte
}

// record runs client and server as separate processes and passes their bytes on.
func record(exchange exchange) (object, error) {
	server, client := again("-serve", exchange.id), again("-call", exchange.id)
	answeredRead, answeredWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outcomesRead, outcomesWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	server.ExtraFiles = []*os.File{answeredRead}
	client.ExtraFiles = []*os.File{outcomesWrite}
	toServer, _ := server.StdinPipe()
	fromServer, _ := server.StdoutPipe()
	toClient, _ := client.StdinPipe()
	fromClient, _ := client.StdoutPipe()
	if err := errors.Join(server.Start(), client.Start()); err != nil {
		return nil, err
	}
	outcomesWrite.Close()

	chunks := make(chan chunk)
	go pump("client", fromClient, toServer, chunks)
	go pump("server", fromServer, toClient, chunks)
	var said []chunk
	for ended := 0; ended < 2; {
		next := <-chunks
		switch {
		case next.data == nil:
			ended++
		case len(said) > 0 && said[len(said)-1].from == next.from:
			last := &said[len(said)-1]
			last.data = append(last.data, next.data...)
		default:
			said = append(said, next)
		}
		if exchange.overtake && next.from == "server" {
			_, _ = answeredWrite.Write([]byte{1})
		}
	}
	outcomes, err := io.ReadAll(outcomesRead)
	if err := errors.Join(err, client.Wait(), server.Wait()); err != nil {
		return nil, err
	}
	bytes := []any{}
	for _, chunk := range said {
		bytes = append(bytes, object{{"from", chunk.from}, {"data", hex.EncodeToString(chunk.data)}})
	}
	return object{
		{"id", exchange.id}, {"clause", exchange.clause}, {"note", exchange.note},
		{"calls", rawJSON(outcomes)}, {"bytes", bytes},
	}, nil
}

// pump reports each chunk before it passes it on, so that a request is recorded before its answer.
func pump(from string, source io.Reader, target io.WriteCloser, chunks chan<- chunk) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := source.Read(buffer)
		if n > 0 {
			chunks <- chunk{from, append([]byte(nil), buffer[:n]...)}
			_, _ = target.Write(buffer[:n])
		}
		if err != nil {
			target.Close()
			chunks <- chunk{from: from}
			return
		}
	}
}

type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }
