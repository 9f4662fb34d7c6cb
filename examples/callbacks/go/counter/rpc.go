package counter

import (
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// Plugin serves Impl in the plugin and returns a Counter in the host.
type Plugin struct{ Impl Counter }

func (p *Plugin) Server(b *plugin.MuxBroker) (any, error) { return &server{b, p.Impl}, nil }

func (*Plugin) Client(b *plugin.MuxBroker, c *rpc.Client) (any, error) { return &client{b, c}, nil }

// PutArgs is the argument of Put on the wire. The adder stays in the host, which accepts AdderID for it.
type PutArgs struct {
	Key     string
	Value   int
	AdderID uint32
}

// The host's side of Counter.

type client struct {
	broker *plugin.MuxBroker
	rpc    *rpc.Client
}

func (c *client) Put(key string, value int, adder Adder) error {
	id := c.broker.NextId()
	go c.broker.AcceptAndServe(id, &adderServer{adder})
	return c.rpc.Call("Plugin.Put", PutArgs{key, value, id}, &struct{}{})
}

func (c *client) Get(key string) (value int, err error) {
	err = c.rpc.Call("Plugin.Get", key, &value)
	return value, err
}

// The plugin's side of Counter.

type server struct {
	broker *plugin.MuxBroker
	impl   Counter
}

func (s *server) Put(args PutArgs, _ *struct{}) error {
	conn, err := s.broker.Dial(args.AdderID)
	if err != nil {
		return err
	}
	adder := &adderClient{rpc.NewClient(conn)}
	defer adder.rpc.Close()
	return s.impl.Put(args.Key, args.Value, adder)
}

func (s *server) Get(key string, reply *int) (err error) {
	*reply, err = s.impl.Get(key)
	return err
}

// Both sides of Adder. Here the plugin is the client, and the host is the server.

type SumArgs struct{ A, B int }

type adderClient struct{ rpc *rpc.Client }

func (c *adderClient) Sum(a, b int) (sum int, err error) {
	err = c.rpc.Call("Plugin.Sum", SumArgs{a, b}, &sum)
	return sum, err
}

type adderServer struct{ impl Adder }

func (s *adderServer) Sum(args SumArgs, reply *int) (err error) {
	*reply, err = s.impl.Sum(args.A, args.B)
	return err
}
