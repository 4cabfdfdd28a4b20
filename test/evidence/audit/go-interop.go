// Verifies a folder of "dsr audit export" and one of "dsr audit prove" with golang.org/x/mod alone:
// go run go-interop.go EXPORT PROOFS VKEY. Prints what it found; ends with 1 at the first that does not fit.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The hashes of a tree as tlog.StoredHashes lays them out.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func main() {
	export, proofs := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(os.Args[3])
	must("public key", err)
	size, root := open(read(export, "checkpoint"), verifier)

	var stored storage
	lines := bytes.SplitAfter(read(export, "entries.jsonl"), []byte("\n"))
	lines = lines[:len(lines)-1]
	for n, line := range lines {
		hashes, err := tlog.StoredHashes(int64(n), bytes.TrimSuffix(line, []byte("\n")), stored)
		must("entry", err)
		stored = append(stored, hashes...)
	}
	tree := rootAt(stored, int64(len(lines)))
	if int64(len(lines)) != size || tree != root {
		fail("the entries are not those of the checkpoint")
	}
	fmt.Println("entries", size)

	names, _ := filepath.Glob(filepath.Join(export, "consistency", "*"))
	for _, name := range names {
		old, hashes, checkpoint := split(read(name), "old ")
		size, root := open(checkpoint, verifier)
		must("consistency", tlog.CheckTree(tlog.TreeProof(hashes), size, root, old, rootAt(stored, old)))
		fmt.Println("consistency", old)
	}

	names, _ = filepath.Glob(filepath.Join(proofs, "*.tlog-proof"))
	for _, name := range names {
		head, rest, _ := strings.Cut(string(read(name)), "\n")
		if head != "c2sp.org/tlog-proof@v1" {
			fail("header")
		}
		index, hashes, checkpoint := split([]byte(rest), "index ")
		size, root := open(checkpoint, verifier)
		entry := read(strings.TrimSuffix(name, ".tlog-proof") + ".json")
		must("inclusion", tlog.CheckRecord(tlog.RecordProof(hashes), size, root, index, tlog.RecordHash(entry)))
		fmt.Println("inclusion", index)
	}
}

// Opens a checkpoint. tlog.ParseTree is for the Go checksum database alone: the three lines are read here.
func open(text []byte, verifier note.Verifier) (int64, tlog.Hash) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	must("note", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must("size", err)
	root, err := tlog.ParseHash(lines[2])
	must("root", err)
	return size, root
}

// A first line of a word and a number, hashes, a blank line, a checkpoint.
func split(text []byte, word string) (int64, []tlog.Hash, []byte) {
	head, checkpoint, _ := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	number, err := strconv.ParseInt(strings.TrimPrefix(lines[0], word), 10, 64)
	must(word, err)
	var hashes []tlog.Hash
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		must("hash", err)
		hashes = append(hashes, hash)
	}
	return number, hashes, []byte(checkpoint)
}

func rootAt(stored storage, size int64) tlog.Hash {
	root, err := tlog.TreeHash(size, stored)
	must("tree", err)
	return root
}

func read(path ...string) []byte {
	text, err := os.ReadFile(filepath.Join(path...))
	must("file", err)
	return text
}

func must(what string, err error) {
	if err != nil {
		fail(what + ": " + err.Error())
	}
}

func fail(message string) {
	fmt.Println(message)
	os.Exit(1)
}
