package upload

import (
	"io"
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// Plugin serves Impl, and returns an Uploads in the host.
type Plugin struct{ Impl Uploads }

func (p *Plugin) Server(b *plugin.MuxBroker) (any, error) { return &server{b, p.Impl}, nil }

func (*Plugin) Client(b *plugin.MuxBroker, c *rpc.Client) (any, error) { return &client{b, c}, nil }

// UploadArgs is the argument on the wire. The host accepts the ids, and the plugin dials them.
type UploadArgs struct {
	Name                  string
	FileID, ReplacementID uint32
}

// The host's side.

type client struct {
	broker *plugin.MuxBroker
	rpc    *rpc.Client
}

func (c *client) FileWillBeUploaded(name string, file io.Reader, replacement io.Writer) (string, error) {
	args := UploadArgs{name, c.broker.NextId(), c.broker.NextId()}
	go func() {
		conn, err := c.broker.Accept(args.FileID)
		if err != nil {
			return
		}
		defer conn.Close()
		serveReader(file, conn)
	}()
	replaced := make(chan error, 1)
	go func() {
		conn, err := c.broker.Accept(args.ReplacementID)
		if err != nil {
			replaced <- err
			return
		}
		defer conn.Close()
		_, err = io.Copy(replacement, conn)
		replaced <- err
	}()
	var refused string
	if err := c.rpc.Call("Plugin.FileWillBeUploaded", args, &refused); err != nil {
		<-replaced // It has ended, in whatever way.
		return "", err
	}
	return refused, <-replaced
}

// The plugin's side.

type server struct {
	broker *plugin.MuxBroker
	impl   Uploads
}

func (s *server) FileWillBeUploaded(args UploadArgs, refused *string) error {
	file, err := s.broker.Dial(args.FileID)
	if err != nil {
		return err
	}
	defer file.Close()
	replacement, err := s.broker.Dial(args.ReplacementID)
	if err != nil {
		return err
	}
	defer replacement.Close()
	*refused, err = s.impl.FileWillBeUploaded(args.Name, remoteReader{file}, replacement)
	return err
}
