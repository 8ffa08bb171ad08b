"""What pages in the NL Design System set: the names of real themes, and values like theirs.

The themes themselves belong to their municipalities, so of those only the names are used, and the
contrasts that were measured there: greys of 60 % and 88 % on white, a button of 3.1:1.
"""

# An old theme: no `primary-action`, fields under the name `form-input`, and borders in a grey that
# is too light (1.3:1).
OLD = {
    "--utrecht-document-color": "#1b1b1b",
    "--utrecht-document-background-color": "#ffffff",
    "--utrecht-document-font-family": "Georgia, serif",
    "--utrecht-button-background-color": "#008a55",
    "--utrecht-button-color": "#ffffff",
    "--utrecht-button-border-radius": "0",
    "--utrecht-form-input-border-color": "#e0e0e0",
    "--utrecht-form-input-color": "#999999",
    "--utrecht-link-color": "#999999",
}
UTRECHT = {
    "--utrecht-document-color": "#111111",
    "--utrecht-button-primary-action-background-color": "#cc0000",
    "--utrecht-button-primary-action-color": "#ffffff",
    "--utrecht-button-background-color": "#777777",
    "--utrecht-form-control-border-color": "#595959",
    "--utrecht-radio-button-checked-background-color": "#24578f",
    "--utrecht-form-fieldset-legend-font-weight": "400",
    "--utrecht-focus-outline-color": "#0a0a0a",
    "--utrecht-form-field-error-message-color": "#aa0000",
    "--utrecht-link-color": "#24578f",
}
RHC = {
    "--utrecht-document-font-family": "Verdana",
    "--utrecht-document-color": "rgb(15 23 42)",
    "--utrecht-button-primary-action-background-color": "hsl(210 64% 35%)",
    "--utrecht-button-primary-action-color": "white",
    "--utrecht-textbox-border-color": "oklch(0.5 0 0)",
    "--utrecht-radio-button-checked-background-color": "#ffd500",
    "--utrecht-focus-outline-color": "#ffd500",
    "--utrecht-form-field-error-message-color": "#b80000",
}
EXAMPLE = {
    "--basis-text-font-family-default": "Tahoma",
    "--basis-color-default-color-document": "#202020",
    "--basis-color-action-1-inverse-bg-default": "#4b0082",
    "--basis-color-action-1-inverse-color-default": "#f5f0ff",
    "--nl-button-primary-background-color": "var(--basis-color-action-1-inverse-bg-default)",
    "--nl-button-primary-color": "rgb(255 255 255 / 0.5)",
    "--nl-button-border-radius": "999px",
    "--nl-link-color": "#4b0082",
    "--basis-form-control-border-color": "red; } * { display: none",
    "--basis-form-control-accent-color": "#4b0082",
    "--basis-focus-outline-color": "none",
}
