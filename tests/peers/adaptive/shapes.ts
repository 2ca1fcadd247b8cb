// What we send to Teams, its cards in the types that Microsoft publishes.
import type { IAdaptiveCard } from "@microsoft/teams.cards";

export type Card = IAdaptiveCard;

interface Attachment {
  contentType: "application/vnd.microsoft.card.adaptive";
  content: Card;
}

// learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference (Activity object)
export interface Message {
  type: "message";
  attachments: [Attachment];
  summary: string;
}

// learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model
export type Answer =
  | { statusCode: 200; type: "application/vnd.microsoft.card.adaptive"; value: Card }
  | { statusCode: 200; type: "application/vnd.microsoft.activity.message"; value: string };

// learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
export interface Task {
  task:
    | { type: "message"; value: string }
    | {
        type: "continue";
        value: {
          title: string;
          height: "small" | "medium" | "large";
          width: "small" | "medium" | "large";
          card: Attachment;
        };
      };
}
