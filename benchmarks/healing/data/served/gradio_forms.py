"""Two small pages of Gradio's: a form that answers, and settings in tabs. Usage: gradio_forms.py PORT"""

import sys

import gradio as gr
import uvicorn
from fastapi import FastAPI

ROUTES = ["Harbour - Island", "Harbour - Lighthouse", "Island - Lighthouse"]


def order(*values: object) -> str:
    return " ".join(str(value) for value in values)


def form() -> gr.Interface:
    return gr.Interface(
        order,
        [
            gr.Textbox(label="Name", placeholder="Ada Example"),
            gr.Textbox(label="Email"),
            gr.Dropdown(ROUTES, label="Route"),
            gr.Radio(["Single", "Return"], label="Ticket"),
            gr.Slider(1, 9, step=1, label="Passengers"),
            gr.CheckboxGroup(["Bicycle", "Dog", "Wheelchair"], label="Bring along"),
            gr.Checkbox(label="Send a receipt"),
        ],
        gr.Textbox(label="Booking"),
        title="Book a crossing",
        examples=[["Ada Example", "ada@example.org", ROUTES[0], "Return", 2, ["Dog"], True]],
    )


def settings() -> gr.Blocks:
    with gr.Blocks(title="Settings") as page:
        gr.Markdown("# Settings")
        with gr.Tab("Profile"):
            with gr.Row():
                first, last = gr.Textbox(label="First name"), gr.Textbox(label="Last name")
            about = gr.Textbox(label="About you", lines=3)
            with gr.Row():
                gr.Button("Save profile", variant="primary").click(order, [first, last], about)
                gr.Button("Discard changes")
        with gr.Tab("Notifications"):
            gr.Checkbox(label="Weekly summary")
        with gr.Tab("Appearance"):
            gr.Radio(["Light", "Dark"], label="Theme")
        with gr.Accordion("Advanced", open=True):
            gr.Number(label="Retention in days", value=30)
            gr.Dropdown(["English", "German", "French"], label="Language", value="English")
            gr.File(label="Import settings")
        with gr.Row():
            gr.Button("Export all data")
            gr.Button("Delete account", variant="stop")
    return page


if __name__ == "__main__":
    app = FastAPI()
    for path, page in (("/form", form()), ("/settings", settings())):
        app = gr.mount_gradio_app(app, page, path=path)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
