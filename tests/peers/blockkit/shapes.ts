// What we send to Slack, in the types that Slack publishes.
import type { HomeView, KnownBlock, MessageMetadata, ModalView } from "@slack/types";

export interface Message {
  text: string;
  blocks: KnownBlock[];
  metadata: MessageMetadata;
  unfurl_links: false;
  unfurl_media: false;
}

export interface Modal extends Omit<ModalView, "blocks"> {
  blocks: KnownBlock[];
}

export interface Home extends Omit<HomeView, "blocks"> {
  blocks: KnownBlock[];
}
