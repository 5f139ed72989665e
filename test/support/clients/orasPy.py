"""A command line for the library oras, one line a job, all of it over plain http."""

import hashlib
import sys

import oras.client
import oras.layout
import oras.oci
import oras.version

MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def main(job: str, *args: str) -> None:
    client = oras.client.OrasClient(insecure=True, tls_verify=False)
    for name in args:
        if name.startswith("127.0.0.1:"):
            client.auth.load_configs(client.get_container(name))
    if job == "version":
        print(oras.version.__version__)
    elif job == "push-layout":
        path, tag, target = args
        oras.layout.NewLayout(path).push_to_registry(client, target, tag)
    elif job == "pull-layout":
        target, path, tag = args
        oras.layout.NewLayoutFromRegistry(path, client, target, tag)
    elif job == "push":
        target, *files = args
        client.push(target=target, files=files)
    elif job == "pull":
        target, folder = args
        client.pull(target=target, outdir=folder)
    elif job == "attach":
        target, file = args
        # Its own Subject.from_manifest writes the manifest anew and takes the digest of that.
        container = client.get_container(target)
        answer = client.do_request(f"{client.prefix}://{container.manifest_url()}", "GET", headers={"Accept": MANIFEST})
        digest = "sha256:" + hashlib.sha256(answer.content).hexdigest()
        subject = oras.oci.Subject(MANIFEST, digest, len(answer.content))
        name = target.rsplit(":", 1)[0]
        client.push(target=f"{name}:attached", files=[file], subject=subject)
    elif job == "tags":
        print("\n".join(client.get_tags(args[0])))
    elif job == "delete":
        name, tag = args[0].rsplit(":", 1)
        if not client.delete_tags(name, tag):
            raise SystemExit(f"{tag} is not deleted")
    else:
        raise SystemExit(f"unknown job {job}")


main(*sys.argv[1:])
