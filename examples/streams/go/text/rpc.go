package text

import (
	"io"
	"net"
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// Plugin serves a new Text from New for each Dispense, and returns a Text in the host.
type Plugin struct{ New func() Text }

func (p *Plugin) Server(b *plugin.MuxBroker) (any, error) { return &server{b, p.New()}, nil }

func (*Plugin) Client(b *plugin.MuxBroker, c *rpc.Client) (any, error) { return &client{b, c}, nil }

// UpperArgs is the argument of Upper on the wire. The caller accepts these ids, and the callee dials them.
type UpperArgs struct{ SourceID, SinkID uint32 }

// The host's side.

type client struct {
	broker *plugin.MuxBroker
	rpc    *rpc.Client
}

func (c *client) Upper(source io.Reader, sink io.Writer) error {
	args := UpperArgs{c.broker.NextId(), c.broker.NextId()}
	received := make(chan error, 1)
	go lendReader(c.broker, args.SourceID, source)
	go func() { received <- lendWriter(c.broker, args.SinkID, sink) }()
	if err := c.rpc.Call("Plugin.Upper", args, &struct{}{}); err != nil {
		return err
	}
	return <-received // The last bytes may arrive after the reply.
}

func (c *client) First(source io.Reader) (line string, err error) {
	id := c.broker.NextId()
	go lendReader(c.broker, id, source)
	err = c.rpc.Call("Plugin.First", id, &line)
	return line, err
}

func (c *client) Log() (io.WriteCloser, error) { return c.borrow("Plugin.Log") }

func (c *client) Lines() (io.ReadCloser, error) { return c.borrow("Plugin.Lines") }

func (c *client) borrow(method string) (net.Conn, error) {
	var id uint32
	if err := c.rpc.Call(method, struct{}{}, &id); err != nil {
		return nil, err
	}
	return c.broker.Dial(id)
}

// The plugin's side.

type server struct {
	broker *plugin.MuxBroker
	impl   Text
}

func (s *server) Upper(args UpperArgs, _ *struct{}) error {
	source, err := s.broker.Dial(args.SourceID)
	if err != nil {
		return err
	}
	defer source.Close()
	sink, err := s.broker.Dial(args.SinkID)
	if err != nil {
		return err
	}
	defer sink.Close()
	return s.impl.Upper(source, sink)
}

func (s *server) First(id uint32, reply *string) error {
	source, err := s.broker.Dial(id)
	if err != nil {
		return err
	}
	defer source.Close()
	*reply, err = s.impl.First(source)
	return err
}

func (s *server) Log(_ struct{}, reply *uint32) error {
	log, err := s.impl.Log()
	if err != nil {
		return err
	}
	id := s.broker.NextId()
	go func() {
		defer log.Close()
		lendWriter(s.broker, id, log)
	}()
	*reply = id
	return nil
}

func (s *server) Lines(_ struct{}, reply *uint32) error {
	lines, err := s.impl.Lines()
	if err != nil {
		return err
	}
	id := s.broker.NextId()
	go func() {
		defer lines.Close()
		lendReader(s.broker, id, lines)
	}()
	*reply = id
	return nil
}
