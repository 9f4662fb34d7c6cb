// Package pattern makes bytes in which a lost, doubled or swapped block shows: the byte at offset i of stream s is
// (i + s) modulo 251, a prime.
package pattern

import "bytes"

const prime = 251

// Long enough for one write at any offset.
var period = func() []byte {
	all := make([]byte, prime+MaxSlice)
	for i := range all {
		all[i] = byte(i % prime)
	}
	return all
}()

// MaxSlice is the most that Slice returns.
const MaxSlice = 256 * 1024

// Slice returns length bytes of the stream's pattern from an offset on. They must not be changed.
func Slice(stream uint32, offset int64, length int) []byte {
	from := (offset + int64(stream)) % prime
	return period[from : from+int64(min(length, MaxSlice))]
}

// Matches reports whether got is what the stream has at the offset.
func Matches(stream uint32, offset int64, got []byte) bool {
	for len(got) > 0 {
		want := Slice(stream, offset, len(got))
		if !bytes.Equal(want, got[:len(want)]) {
			return false
		}
		offset += int64(len(want))
		got = got[len(want):]
	}
	return true
}
