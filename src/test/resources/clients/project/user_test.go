package user

import (
	"testing"

	"hello.example/dep"
)

func TestHello(t *testing.T) {
	if dep.Hello != 1 {
		t.Fatal(dep.Hello)
	}
}
