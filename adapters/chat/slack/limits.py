"""What Slack takes at most, each figure with its page under docs.slack.dev/reference.

`@slack/types` has the shapes but hardly any of these figures. Characters are counted by `text.length_of`.
"""

from __future__ import annotations

# methods/chat.postMessage: longer than 4,000 is not recommended, longer than 40,000 is cut by Slack.
MESSAGE_TEXT = 4_000

# block-kit/blocks: blocks of a message, and of a view.
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100

# Not on any page. `msg_blocks_too_long` came in practice from about 13,200 characters on, structure counted
# in (github.com/slackapi/bolt-js/issues/2509 and 2867). We count bytes of JSON, which are never fewer.
MESSAGE_BYTES = 12_000

# `view_too_large`: 250 KB (methods/views.open). Counted as JSON in ASCII, the longest way to send it.
VIEW_BYTES = 240_000

# block-kit/blocks/header-block, section-block, context-block, actions-block.
HEADER, SECTION, CONTEXT_ELEMENTS, ACTIONS = 150, 3_000, 10, 25
# Not on any page for rich text: kept to what a section takes.
RICH_TEXT = 3_000

# block-kit/block-elements: button-element, overflow-menu-element, select-menu-element,
# radio-button-group-element.
BUTTON, BUTTON_VALUE, BUTTON_URL = 75, 2_000, 3_000
OVERFLOW_OPTIONS, SELECT_OPTIONS, RADIO_OPTIONS = 5, 100, 10
PLACEHOLDER = 150
# block-kit/composition-objects: option-object (a value: 150 on the page, 75 in the published types),
# confirmation-dialog-object.
OPTION_TEXT, OPTION_VALUE = 75, 75
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30

# block-kit/blocks (block_id), block-kit/block-elements (action_id).
BLOCK_ID = ACTION_ID = 255

# block-kit/blocks/input-block, block-kit/block-elements/plain-text-input-element.
LABEL, HINT, INPUT = 2_000, 2_000, 3_000

# views/modal-views.
MODAL_TITLE, MODAL_BUTTON, PRIVATE_METADATA = 24, 24, 3_000
