package main

import (
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"

	v1 "github.com/hashicorp/go-msgpack/codec"
	msgpackrpc "github.com/hashicorp/net-rpc-msgpackrpc/v2"
	"github.com/ugorji/go/codec"
)

// An rpcCodec makes both ends of net/rpc on a connection.
type rpcCodec struct {
	server func(*rpc.Server, io.ReadWriteCloser)
	client func(io.ReadWriteCloser) *rpc.Client
}

// The handle as Packer sets it up.
var ugorji = &codec.MsgpackHandle{WriteExt: true}
var defaultV1 = &v1.MsgpackHandle{}

var codecs = map[string]rpcCodec{
	"gob": {
		func(s *rpc.Server, c io.ReadWriteCloser) { s.ServeConn(c) },
		func(c io.ReadWriteCloser) *rpc.Client { return rpc.NewClient(c) },
	},
	"json": of(jsonrpc.NewServerCodec, jsonrpc.NewClientCodec),
	"ugorji": of(
		func(c io.ReadWriteCloser) rpc.ServerCodec { return codec.GoRpc.ServerCodec(c, ugorji) },
		func(c io.ReadWriteCloser) rpc.ClientCodec { return codec.GoRpc.ClientCodec(c, ugorji) },
	),
	"ugorji-spec": of(
		func(c io.ReadWriteCloser) rpc.ServerCodec { return codec.MsgpackSpecRpc.ServerCodec(c, ugorji) },
		func(c io.ReadWriteCloser) rpc.ClientCodec { return codec.MsgpackSpecRpc.ClientCodec(c, ugorji) },
	),
	"go-msgpack-v1": of(
		func(c io.ReadWriteCloser) rpc.ServerCodec { return v1.GoRpc.ServerCodec(c, defaultV1) },
		func(c io.ReadWriteCloser) rpc.ClientCodec { return v1.GoRpc.ClientCodec(c, defaultV1) },
	),
	"go-msgpack-v1-spec": of(
		func(c io.ReadWriteCloser) rpc.ServerCodec { return v1.MsgpackSpecRpc.ServerCodec(c, defaultV1) },
		func(c io.ReadWriteCloser) rpc.ClientCodec { return v1.MsgpackSpecRpc.ClientCodec(c, defaultV1) },
	),
	"go-msgpack-v2": of(
		func(c io.ReadWriteCloser) rpc.ServerCodec { return msgpackrpc.NewServerCodec(c) },
		func(c io.ReadWriteCloser) rpc.ClientCodec { return msgpackrpc.NewClientCodec(c) },
	),
}

func of(
	server func(io.ReadWriteCloser) rpc.ServerCodec,
	client func(io.ReadWriteCloser) rpc.ClientCodec,
) rpcCodec {
	return rpcCodec{
		func(s *rpc.Server, c io.ReadWriteCloser) { s.ServeCodec(server(c)) },
		func(c io.ReadWriteCloser) *rpc.Client { return rpc.NewClientWithCodec(client(c)) },
	}
}
