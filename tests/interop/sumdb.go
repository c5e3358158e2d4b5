// SPDX-License-Identifier: Apache-2.0

// An adduce log as a client sees it that we did not write: the packages note and tlog of
// golang.org/x/mod/sumdb (Debian: golang-golang-x-mod-dev), which verify Go's checksum database.
//
//	sumdb DIR VKEY [PROOF...]
//
// opens DIR/checkpoint with the verifier key, reads every hash of the tree through verified tiles,
// compares every entry with its hash, proves and checks a record and an earlier tree, and checks the
// inclusion proofs of tlog-proof files.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// files reads tiles from a folder by the paths of C2SP tlog-tiles, which leave the height out.
type files struct{ folder string }

func (f files) Height() int                       { return height }
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, path))
		if err != nil && tile.W != 1<<height {
			full := tile
			full.W = 1 << height
			path = strings.Replace(full.Path(), "tile/8/", "tile/", 1)
			data, err = os.ReadFile(filepath.Join(f.folder, path))
		}
		if err != nil {
			return nil, err
		}
		if want := tile.W * tlog.HashSize; len(data) > want {
			data = data[:want]
		}
		all = append(all, data)
	}
	return all, nil
}

func open(msg []byte, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree, errors.New("not a checkpoint of " + verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = parseHash(lines[2])
	return tree, err
}

func parseHash(text string) (hash tlog.Hash, err error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(data) != tlog.HashSize {
		err = errors.New("a hash of another length")
	}
	copy(hash[:], data)
	return hash, err
}

// entries compares each entry of the bundles with its verified hash.
func entries(folder string, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 256 {
		count := tree.N - first
		if count > 256 {
			count = 256
		}
		tile := tlog.Tile{H: height, L: 0, N: first / 256, W: int(count)}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		var indexes []int64
		for i := first; i < first+count; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		verified, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i := range indexes {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return fmt.Errorf("%s is too short", path)
			}
			size := 2 + int(binary.BigEndian.Uint16(data))
			if tlog.RecordHash(data[2:size]) != verified[i] {
				return fmt.Errorf("entry %d has another hash", first+int64(i))
			}
			data = data[size:]
		}
		if len(data) != 0 {
			return fmt.Errorf("%s is too long", path)
		}
	}
	return nil
}

func proofs(tree tlog.Tree, hashes tlog.HashReader) error {
	index := tree.N / 3
	leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return err
	}
	record, err := tlog.ProveRecord(tree.N, index, hashes)
	if err != nil {
		return err
	}
	if err = tlog.CheckRecord(record, tree.N, tree.Hash, index, leaf[0]); err != nil {
		return err
	}
	older := tree.N/2 + 1
	root, err := tlog.TreeHash(older, hashes)
	if err != nil {
		return err
	}
	growth, err := tlog.ProveTree(tree.N, older, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(growth, tree.N, tree.Hash, older, root)
}

// tlogProof checks a C2SP tlog-proof of ours: the entry's leaf is what its bundle has.
func tlogProof(path, folder, vkey string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, checkpoint, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		return errors.New("no checkpoint")
	}
	tree, err := open(checkpoint, vkey)
	if err != nil {
		return err
	}
	var index int64 = -1
	var record tlog.RecordProof
	for i, line := range strings.Split(string(head), "\n") {
		switch {
		case i == 0 && line != "c2sp.org/tlog-proof@v1":
			return errors.New("another first line")
		case i == 0 || strings.HasPrefix(line, "extra "):
		case strings.HasPrefix(line, "index "):
			if index, err = strconv.ParseInt(line[6:], 10, 64); err != nil {
				return err
			}
		default:
			hash, err := parseHash(line)
			if err != nil {
				return err
			}
			record = append(record, hash)
		}
	}
	reader := tlog.TileHashReader(tree, files{folder})
	leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return err
	}
	return tlog.CheckRecord(record, tree.N, tree.Hash, index, leaf[0])
}

func main() {
	log.SetFlags(0)
	folder, vkey := os.Args[1], os.Args[2]
	checkpoint, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		log.Fatal(err)
	}
	tree, err := open(checkpoint, vkey)
	if err != nil {
		log.Fatal("checkpoint: ", err)
	}
	hashes := tlog.TileHashReader(tree, files{folder})
	if err := entries(folder, tree, hashes); err != nil {
		log.Fatal("entries: ", err)
	}
	if err := proofs(tree, hashes); err != nil {
		log.Fatal("proofs: ", err)
	}
	for _, path := range os.Args[3:] {
		if err := tlogProof(path, folder, vkey); err != nil {
			log.Fatal(path, ": ", err)
		}
	}
	fmt.Printf("sumdb: %d entries, %d proofs\n", tree.N, len(os.Args[3:]))
}
