/**
 * What the page of an overview shows, ready to be drawn: every text is in the user's language, and text from a registry is
 * in it as visible characters. The page draws it as text, and knows nothing of registries.
 */

/** What a click stands for; only the extension knows what that is. */
export type TargetIndex = number;

/** One part of the page, which comes when it is known. */
export type Part<T> =
  | { readonly state: 'loading'; readonly text: string }
  /** The artifact has none. */
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'shown'; readonly value: T };

/** Why a part is not there, for people. */
export interface Failure {
  readonly sentence: string;
  readonly hint?: string;
  /** What can be done about it, as buttons. */
  readonly actions: readonly { readonly remedy: Remedy; readonly label: string }[];
}

/** What a button beside a failure does. */
export type Remedy = 'retry' | 'credentials' | 'secret' | 'log';

/** Something that is known, with its name. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** A digest, a type, a name: to be read letter by letter. */
  readonly isCode?: boolean;
  readonly copies?: TargetIndex;
  readonly opens?: TargetIndex;
}

/** Rows under a title. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What there is besides, in a sentence. */
  readonly note?: string;
}

/** One row of a table. */
export interface Row {
  readonly cells: readonly string[];
  /** What its first cell opens. */
  readonly opens?: TargetIndex;
}

/** Bytes by layer, as shares of one bar. */
export interface SizeBar {
  readonly title: string;
  readonly shares: readonly { readonly label: string; readonly size: string; readonly fraction: number }[];
}

/** The picture of a kind of artifact. */
export type KindIcon =
  | 'attestation'
  | 'floe'
  | 'helm'
  | 'image'
  | 'index'
  | 'model'
  | 'other'
  | 'sbom'
  | 'signature'
  | 'wasm';

/** What is known of a signature or a promotion. `passed` takes a check that ran. */
export interface Status {
  readonly label: string;
  readonly text: string;
  readonly look: 'passed' | 'failed' | 'present' | 'absent' | 'unknown';
  readonly details: readonly string[];
}

/** What the manifest itself says. */
export interface ManifestPart {
  readonly name: string;
  readonly kind: { readonly icon: KindIcon; readonly label: string };
  readonly buttons: readonly { readonly label: string; readonly target: TargetIndex }[];
  readonly facts: readonly Fact[];
  readonly provenance: readonly Fact[];
  readonly sizes?: SizeBar;
  /** Config and layers, or the manifests of an index. */
  readonly content: Table;
  readonly annotations: Table;
}

/** The tags that name the manifest, and where it was promoted to. */
export interface TagsPart {
  readonly tags: readonly string[];
  readonly note?: string;
  /** Label of the button that looks at every tag; absent when that was done. */
  readonly search?: string;
  readonly promotion?: Status;
}

/** What refers to the manifest. */
export interface ReferrersPart {
  readonly signature: Status;
  readonly table: Table;
}

/** What the compiled-artifacts document of a floe artifact says. */
export interface ProductPart {
  readonly facts: readonly Fact[];
  readonly plugins: Table;
  readonly governance: readonly Fact[];
  readonly models: ModelGraph;
}

/** How well the quality of a model is looked after, as the document says. */
export type Tier = 'gold' | 'silver' | 'bronze' | 'none';

/** The models of a product, and which is built from which. */
export interface ModelGraph {
  /** How many models, of which tiers. */
  readonly title: string;
  readonly nodes: readonly ModelNode[];
  /** There are so few that a drawing of them can be read; others are listed. */
  readonly isDrawn: boolean;
  /** From a model to one that depends on it, by places in `nodes`; none where nothing is drawn. */
  readonly edges: readonly (readonly [from: number, to: number])[];
  readonly legend: readonly { readonly tier: Tier | 'outside'; readonly label: string }[];
  readonly note?: string;
}

/** A model, or what one is built from. */
export interface ModelNode {
  readonly name: string;
  readonly tier: Tier;
  /** What the document names and does not have, such as a source. */
  readonly isOutside: boolean;
  /** What is known of it besides its name. */
  readonly facts: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly opens?: TargetIndex;
}

/** Where the nodes of a {@link ModelGraph} are drawn, in pixels from its top left corner. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** The centres, in the order of the nodes. */
  readonly nodes: readonly (readonly [x: number, y: number])[];
  /** The points that each edge goes through, in the order of the edges. */
  readonly edges: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** Width and height of every node in pixels; a name that needs more is shortened. */
export const NODE_SIZE = { width: 208, height: 30 } as const;

/** The parts of an overview; each comes when it is there. */
export interface Parts {
  readonly manifest: Part<ManifestPart>;
  readonly tags: Part<TagsPart>;
  readonly referrers: Part<ReferrersPart>;
  readonly product: Part<ProductPart>;
  readonly layout: Part<GraphLayout>;
}

/** The name of a part. */
export type PartName = keyof Parts;

/** Labels of the page's own controls. */
export interface PageTexts {
  readonly summary: string;
  readonly copy: string;
  readonly copied: string;
  readonly signature: string;
  readonly signatureUnknown: string;
  readonly referrers: string;
  readonly tags: string;
  readonly noTags: string;
  readonly product: string;
  readonly governance: string;
  readonly noGovernance: string;
  readonly provenance: string;
  readonly noProvenance: string;
  readonly models: string;
  readonly graphHelp: string;
  readonly listHelp: string;
  /** `{0}` stands for how many rows there are at once. */
  readonly listMore: string;
  readonly search: string;
  /** `{0}` stands for how many were found, `{1}` for how many there are. */
  readonly found: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
}

/** What the extension tells the page. */
export type HostMessage =
  | { readonly texts: PageTexts }
  | { readonly [Name in PartName]: { readonly name: Name; readonly part: Parts[Name] } }[PartName];
