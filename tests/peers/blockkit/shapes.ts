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

// Everything that any test made our app say, as it arrived: docs.slack.dev/reference/methods (chat.postMessage,
// chat.update, chat.postEphemeral, views.open, views.update, views.publish), /interactivity/handling-user-interaction
// (response_url) and /surfaces/modals (response_action).
interface Said {
  channel: string;
  text: string;
  blocks?: KnownBlock[];
}

export interface Post extends Said {
  thread_ts?: string;
  metadata?: MessageMetadata;
  unfurl_links?: false;
  unfurl_media?: false;
}

export interface Redrawing extends Said {
  ts: string;
  metadata?: MessageMetadata;
  parse: "none";
}

export interface Ephemeral extends Said {
  user: string;
  thread_ts?: string;
}

export interface Answer {
  response_type?: "ephemeral";
  replace_original?: boolean;
  thread_ts?: string;
  text: string;
  blocks?: KnownBlock[];
}

export interface Opening {
  trigger_id: string;
  view: Modal;
}

export interface Replacing {
  view_id: string;
  hash?: string;
  view: Modal;
}

export interface Publishing {
  user_id: string;
  view: Home;
}

export type Submission =
  | { response_action: "clear" }
  | { response_action: "update"; view: Modal }
  | { response_action: "errors"; errors: { [field: string]: string } };
