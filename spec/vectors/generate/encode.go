package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
)

// encodeVector encodes the values and describes what Go decodes from the bytes.
func encodeVector(id string) (object, error) {
	vector := find(id)
	if vector == nil {
		return nil, fmt.Errorf("no vector %s", id)
	}
	source, err := expressions()
	if err != nil {
		return nil, err
	}
	for _, prepare := range vector.setup {
		prepare()
	}
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	for _, value := range vector.values {
		if err := encoder.Encode(value); err != nil {
			return nil, err
		}
	}
	data := stream.Bytes()
	values, err := decodeValues(vector, data)
	if err != nil {
		return nil, err
	}
	entry := object{
		{"id", id}, {"clause", clauseOf(vector)}, {"go", source[id]}, {"values", values}, {"hex", hexOf(data)},
	}
	if vector.note != "" {
		entry = append(entry, pair{"note", vector.note})
	}
	return entry, nil
}

func clauseOf(v *vector) string {
	if v.clause != "" {
		return v.clause
	}
	for _, group := range groups {
		for _, member := range group.vectors {
			if member == v {
				return group.clause
			}
		}
	}
	return ""
}

// decodeValues decodes a stream into fresh variables of the types of the vector's values. A pointer at the top
// level is not visible on the wire, except a pointer to a marshaler. A pointer to an interface means the interface.
func decodeValues(vector *vector, stream []byte) ([]any, error) {
	decoder := gob.NewDecoder(bytes.NewReader(stream))
	described := []any{}
	for _, value := range vector.values {
		t := reflect.TypeOf(value)
		if t == reflect.TypeFor[*interface{}]() {
			t = t.Elem()
		}
		target := reflect.New(t)
		if vector.target != nil {
			target.Elem().Set(reflect.ValueOf(vector.target))
		}
		if err := decoder.DecodeValue(target); err != nil {
			return nil, err
		}
		result := target.Elem()
		if vector.isKept {
			result = reflect.ValueOf(value)
		}
		described = append(described, object{{"type", describeType(t)}, {"value", describeValue(result)}})
	}
	if err := decoder.DecodeValue(reflect.Value{}); err == nil || err.Error() != "EOF" {
		return nil, fmt.Errorf("after the last value: %v, want EOF", err)
	}
	return described, nil
}

// decodeLines judges the bytes of another encoder. Each line gets a fresh process, because two vectors may register
// one type under two names.
func decodeLines() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var request struct{ ID, Hex string }
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			return err
		}
		child := again("-judge", request.ID)
		child.Stdin = strings.NewReader(request.Hex)
		answer, err := child.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", request.ID, err)
		}
		fmt.Println(string(answer))
	}
	return lines.Err()
}

// judgeVector decodes the hex on stdin as the values of the vector.
func judgeVector(id string) (object, error) {
	vector := find(id)
	if vector == nil {
		return nil, fmt.Errorf("no vector %s", id)
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	stream, err := hex.DecodeString(string(text))
	if err != nil {
		return nil, err
	}
	for _, prepare := range vector.setup {
		prepare()
	}
	var values []any
	err = caught(func() (err error) {
		values, err = decodeValues(vector, stream)
		return err
	})
	if err != nil {
		return object{{"id", id}, {"error", err.Error()}}, nil
	}
	return object{{"id", id}, {"values", values}}, nil
}
