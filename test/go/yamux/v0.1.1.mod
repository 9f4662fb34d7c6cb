module goplug.test/yamux

go 1.24.0

require github.com/hashicorp/yamux v0.1.1
