module goplug.test/yamux

go 1.24.0

require github.com/hashicorp/yamux v0.0.0-20180604194846-3520598351bb
