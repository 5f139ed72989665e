/** What hovers and completion say in OCI manifests, indexes and image configs. */

const ANNOTATIONS = {
  created: 'When it was made, as RFC 3339 has it.',
  authors: 'Who is responsible for it.',
  url: 'Where to find out more about it.',
  documentation: 'Where its documentation is.',
  source: 'Where the sources that it was made from are.',
  version: 'The version of what is packaged.',
  revision: 'The revision of its sources.',
  vendor: 'The organisation that distributes it.',
  licenses: 'The licences of what is in it, as an SPDX expression.',
  'ref.name': 'The name of a target: in an image layout, the tag.',
  title: 'What it is called: of a layer, the name of its file.',
  description: 'What is in it, for people.',
  'base.digest': 'The digest of the image that it is based on.',
  'base.name': 'The reference of the image that it is based on.',
};

const says = (markdownDescription, more = {}) => ({ ...more, markdownDescription });

const annotations = says(
  'Facts about it, each a name and a text. Names of the specification begin with `org.opencontainers.`.',
  {
    properties: Object.fromEntries(
      Object.entries(ANNOTATIONS).map(([name, text]) => [`org.opencontainers.image.${name}`, says(text)]),
    ),
  },
);

const platform = says('The machine that it is for.', {
  properties: {
    architecture: says('The processor, in the words of Go: `amd64`, `arm64`.'),
    os: says('The operating system, in the words of Go: `linux`, `windows`.'),
    'os.version': says('The version of the operating system; of Windows, its build.'),
    'os.features': says('What the operating system has to have, such as `win32k`.'),
    variant: says('The variant of the processor, such as `v8` of `arm64`.'),
  },
});

const descriptor = { $ref: '#/definitions/descriptor' };

const definitions = {
  descriptor: {
    properties: {
      mediaType: says('What the content is.'),
      digest: says('The hash of the content, which is also its name: whoever has it can tell any other bytes.'),
      size: says('Bytes of the content.'),
      urls: says('Where the content may be had besides.'),
      data: says('The content itself, in base64: it need not be fetched.'),
      artifactType: says('What the artifact is whose manifest this names.'),
      platform,
      annotations,
    },
  },
};

const ofManifest = {
  schemaVersion: says('Always `2`.'),
  mediaType: says('What this document is: an image manifest, or an index.'),
  artifactType: says('What the artifact is for those who use it. Absent: the media type of the config says it.'),
  config: says(
    'What whoever runs or uses the artifact is told by it; `{}` where there is nothing to tell.',
    descriptor,
  ),
  layers: says('What the artifact consists of; of an image, its file system from the bottom up.', {
    items: descriptor,
  }),
  manifests: says('The manifests of this index, such as one for each platform.', { items: descriptor }),
  subject: says('The manifest that this one is about: it refers to it, as a signature does.', descriptor),
  annotations,
};

const ofImageConfig = {
  created: says('When the image was made.'),
  author: says('Who made the image.'),
  ...platform.properties,
  config: says('How a container of the image is run: its user, environment, command and folder.'),
  rootfs: says('The layers, by the digests that they have uncompressed.'),
  history: says('How each layer was made, from the bottom up.'),
};

/** A JSON Schema that explains and refuses nothing: https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export const manifestHints = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  definitions,
  properties: ofManifest,
};
/** The same of image configs: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md */
export const imageConfigHints = { $schema: 'http://json-schema.org/draft-07/schema#', properties: ofImageConfig };
