module goplug.test/codecs

go 1.24.0

require (
	github.com/hashicorp/go-msgpack v0.5.5
	github.com/hashicorp/net-rpc-msgpackrpc/v2 v2.0.0
	github.com/hashicorp/yamux v0.1.2
	github.com/ugorji/go/codec v1.2.6
)

require (
	github.com/hashicorp/errwrap v1.0.0 // indirect
	github.com/hashicorp/go-msgpack/v2 v2.1.3 // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
)
