# SPDX-License-Identifier: Apache-2.0
"""git as a peer: PROGRAM fast|signed FOLDER EVENTS SINGLES HUNDREDS THOUSANDS. An event is a commit
whose message is the event. `fast`: a run of fast-import a batch; `signed`: `git commit -S` with an
ssh key, one by one, and fewer of them, for it is slow."""
import json
import os
import resource
import subprocess
import sys
import time

mode, folder, path = sys.argv[1:4]
singles, hundreds, thousands = (int(n) for n in sys.argv[4:7])
os.environ.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", GIT_DIR=folder + "/git",
                  GIT_AUTHOR_NAME="bench", GIT_AUTHOR_EMAIL="bench@monitor.example",
                  GIT_COMMITTER_NAME="bench", GIT_COMMITTER_EMAIL="bench@monitor.example")


def git(*words, **more):
    return subprocess.run(["git"] + list(words), check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **more).stdout


def import_batch(events):
    tip = subprocess.run(["git", "rev-parse", "-q", "--verify", "main"], stdout=subprocess.PIPE).stdout
    stream = []
    for i, event in enumerate(events):
        stream.append(b"commit refs/heads/main\ncommitter bench <bench@monitor.example> 1765584000 +0000\n"
                      b"data %d\n%s\n" % (len(event), event))
        if i == 0 and tip:
            stream.append(b"from refs/heads/main^0\n")
    git("-c", "core.fsync=all", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet",
        input=b"".join(stream))


def commit(events):
    for event in events:
        git("-c", "core.fsync=all", "commit", "-q", "-S", "--allow-empty", "-F", "-", input=event)


def sign_with_ssh():
    key = folder + "/key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with open(key + ".pub", encoding="utf-8") as file:
        public = file.read()
    with open(folder + "/allowed", "w", encoding="utf-8") as file:
        file.write("bench@monitor.example " + public)
    os.mkdir(folder + "/tree")
    os.environ["GIT_WORK_TREE"] = folder + "/tree"
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", key),
                        ("gpg.ssh.allowedSignersFile", folder + "/allowed")):
        git("config", name, value)


with open(path, "rb") as file:
    events = [line.rstrip(b"\n") for line in file]
git("init", "-q", "-b", "main", "--bare" if mode == "fast" else "--quiet")
if mode == "signed":
    sign_with_ssh()
    plan = [("single", min(singles, 30), 1)]
else:
    plan = [("single", min(singles, 30), 1), ("batch-100", hundreds, 100), ("batch-1000", thousands, 1000)]
done = 0
for row, batches, size in plan:
    begin = time.monotonic()
    for _ in range(batches):
        (commit if mode == "signed" else import_batch)(events[done:done + size])
        done += size
    if batches:
        print(row, batches * size / (time.monotonic() - begin))

begin = time.monotonic()
kinds, lasts = {}, {}
for line in git("log", "--reverse", "--format=%B%x00", "main").split(b"\0"):
    if line.strip():
        event = json.loads(line)
        kinds[event["kind"]] = kinds.get(event["kind"], 0) + 1
        lasts[event["content"]["subject"]] = event["content"].get("value")
assert sum(kinds.values()) == done
print("replay", done / (time.monotonic() - begin))
begin = time.monotonic()
if mode == "signed":
    statuses = git("log", "--format=%G?", "main").split()
    assert statuses == [b"G"] * done
else:
    git("fsck", "--strict")
print("verify" if mode == "signed" else "verify-hashes", done / (time.monotonic() - begin))
print("memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print("count", done)
