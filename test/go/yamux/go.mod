// The newest yamux. 2018.mod and v0.1.1.mod have the other versions that go-plugin was built with:
// go build -modfile=2018.mod ./peer
module goplug.test/yamux

go 1.24.0

require github.com/hashicorp/yamux v0.1.2
