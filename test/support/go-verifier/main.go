// Checks a static tlog-tiles log with Go's own implementation of the same mathematics (golang.org/x/mod/sumdb): the
// signed note, the root from the tiles, each entry against its leaf hash, an inclusion proof for every entry and a
// consistency proof from every older size. Prints the proofs as JSON, for another implementation to compare.
//
//	go-verifier DIR VKEY
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

type report struct {
	Size        int64                  `json:"size"`
	Root        tlog.Hash              `json:"root"`
	Inclusion   map[string][]tlog.Hash `json:"inclusion"`
	Consistency map[string][]tlog.Hash `json:"consistency"`
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: go-verifier DIR VKEY")
	}
	dir, vkey := os.Args[1], os.Args[2]
	tree := checkpoint(dir, vkey)
	reader := tlog.TileHashReader(tree, &files{dir})
	entries := readEntries(dir, tree.N)
	result := report{tree.N, tree.Hash, map[string][]tlog.Hash{}, map[string][]tlog.Hash{}}
	for at, entry := range entries {
		index := int64(at)
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
		result.Inclusion[strconv.FormatInt(index, 10)] = proof
	}
	for before := int64(1); before <= tree.N; before++ {
		old, err := tlog.TreeHash(before, reader)
		check(err)
		proof, err := tlog.ProveTree(tree.N, before, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, before, old))
		result.Consistency[strconv.FormatInt(before, 10)] = proof
	}
	check(json.NewEncoder(os.Stdout).Encode(result))
}

func checkpoint(dir, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("not this log's checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

func readEntries(dir string, size int64) [][]byte {
	var entries [][]byte
	for start := int64(0); start < size; start += width {
		tile := tlog.Tile{H: 8, L: -1, N: start / width, W: int(min(width, size-start))}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(dir, path))
		check(err)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	if int64(len(entries)) != size {
		fail(fmt.Sprintf("%d entries under a checkpoint of %d", len(entries), size))
	}
	return entries
}

// files reads tiles where C2SP lays them: without the height that Go's own paths carry.
type files struct{ dir string }

func (f *files) Height() int { return 8 }

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for at, tile := range tiles {
		read, err := os.ReadFile(filepath.Join(f.dir, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		data[at] = read
	}
	return data, nil
}

func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
