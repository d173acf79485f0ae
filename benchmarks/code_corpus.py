"""A repository that calls models in every form we look for, and one that calls none."""

from __future__ import annotations

# path -> content, and what must be found in it: "text" or "text @channel", with a form in front
# where it is no plain id.
MIXED: dict[str, tuple[str, list[str]]] = {
    "src/chat.py": (
        """\
\"\"\"Talks to gpt-3.5-turbo in the docstring only.\"\"\"
from openai import OpenAI

# was gpt-4-32k before
client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o-mini", messages=[])
""",
        ["gpt-4o-mini @openai"],
    ),
    "src/azure_chat.py": (
        """\
import os
from openai import AzureOpenAI

client = AzureOpenAI(azure_endpoint="https://acme.openai.azure.com", api_version="2024-10-21")
client.chat.completions.create(model="prod-chat", messages=[])
embedder = dict(azure_deployment="embeddings-eu")
""",
        ["prod-chat @azure", "deployment embeddings-eu @azure"],
    ),
    "src/bedrock.py": (
        """\
import boto3

MODEL_ID = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
runtime = boto3.client("bedrock-runtime", region_name="eu-central-1")
runtime.converse(modelId=MODEL_ID)
runtime.invoke_model(modelId="arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc")
""",
        [
            "eu.anthropic.claude-sonnet-4-5-20250929-v1:0 @bedrock",
            "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc @bedrock",
        ],
    ),
    "src/env.py": (
        """\
import os
import anthropic

client = anthropic.Anthropic()
client.messages.create(model=os.environ["MODEL"], max_tokens=10)
client.messages.create(model=os.getenv("OTHER", "claude-haiku-4-5-20251001"), max_tokens=10)
""",
        [
            'unread os.environ["MODEL"] @anthropic',
            'unread os.getenv("OTHER", "claude-haiku-4-5-20251001") @anthropic',
            "claude-haiku-4-5-20251001 @anthropic",
        ],
    ),
    "src/vertex.py": (
        """\
import vertexai
from vertexai.generative_models import GenerativeModel

vertexai.init(project="p", location="europe-west4")
model = GenerativeModel("gemini-2.5-pro")
""",
        ["gemini-2.5-pro @vertex"],
    ),
    "src/chain.py": (
        """\
from langchain_aws import ChatBedrock
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI


def build(model_name: str = "gpt-4.1"):
    local = ChatOllama(model="llama3.1:8b")
    remote = ChatBedrock(model_id="us.anthropic.claude-haiku-4-5-20251001-v1:0")
    return ChatOpenAI(model=model_name), local, remote
""",
        [
            "gpt-4.1",
            "llama3.1:8b @ollama",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0 @bedrock",
        ],
    ),
    "src/weights.py": (
        """\
from transformers import AutoModelForCausalLM, pipeline

model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B-Instruct")
other = pipeline("text-generation", model="mistralai/Mistral-7B-Instruct-v0.3")
""",
        ["meta-llama/Llama-3.1-8B-Instruct @self-hosted", "mistralai/Mistral-7B-Instruct-v0.3"],
    ),
    "src/many.py": (
        """\
import litellm

FALLBACKS = ["gpt-4o", "claude-opus-4-8"]
PRICES = {"gpt-5.4-mini": 1}
litellm.completion(model="vertex_ai/claude-sonnet-4-5@20250929", fallbacks=FALLBACKS)
""",
        ["gpt-4o", "claude-opus-4-8", "gpt-5.4-mini", "vertex_ai/claude-sonnet-4-5@20250929"],
    ),
    "src/settings.py": (
        """\
from pydantic import Field
from pydantic_settings import BaseSettings
import openai


class Settings(BaseSettings):
    model: str = "gpt-4o-2024-08-06"
    embedding_model: str = Field(default="text-embedding-3-large")
    summary = f"gpt-{4}o"
""",
        ["gpt-4o-2024-08-06", "text-embedding-3-large"],
    ),
    "web/chat.ts": (
        """\
import OpenAI from "openai";
// model: "gpt-4"
const client = new OpenAI();
const answer = await client.responses.create({ model: "gpt-5.4", input });
""",
        ["gpt-5.4 @openai"],
    ),
    "web/agent.tsx": (
        """\
import { anthropic } from "@ai-sdk/anthropic";
import { generateText } from "ai";

export const run = () => generateText({ model: anthropic("claude-sonnet-4-6"), prompt });
""",
        ["claude-sonnet-4-6 @anthropic"],
    ),
    "web/old.js": (
        """\
const { BedrockRuntimeClient } = require("@aws-sdk/client-bedrock-runtime");
/* modelId: "anthropic.claude-v2" */
const command = { modelId: 'amazon.nova-pro-v1:0', body };
const model = process.env.MODEL_ID;
""",
        ["amazon.nova-pro-v1:0 @bedrock", "unread process.env.MODEL_ID @bedrock"],
    ),
    "web/gemini.mjs": (
        """\
import { GoogleGenAI } from "@google/genai";
const ai = new GoogleGenAI({});
await ai.models.generateContent({ model: `gemini-2.5-flash`, contents });
""",
        ["gemini-2.5-flash @gemini"],
    ),
    "web/azure.ts": (
        """\
import { AzureOpenAI } from "openai";
const client = new AzureOpenAI({ deployment: "chat-eu", apiVersion });
""",
        ["deployment chat-eu @azure"],
    ),
    "java/Chat.java": (
        """\
import dev.langchain4j.model.openai.OpenAiChatModel;

class Chat {
    // .modelName("gpt-3.5-turbo")
    OpenAiChatModel model = OpenAiChatModel.builder().modelName("gpt-4o-mini").build();
}
""",
        ["gpt-4o-mini @openai"],
    ),
    "java/Bedrock.java": (
        """\
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

class Bedrock {
    static final String MODEL = "anthropic.claude-3-5-sonnet-20241022-v2:0";
}
""",
        ["anthropic.claude-3-5-sonnet-20241022-v2:0 @bedrock"],
    ),
    "kotlin/Chat.kt": (
        """\
import com.openai.client.okhttp.OpenAIOkHttpClient

val params = ResponseCreateParams.builder().model("gpt-5-mini").build()
""",
        ["gpt-5-mini @openai"],
    ),
    "go/main.go": (
        """\
package main

import (
	"github.com/sashabaranov/go-openai"
)

// Model: "gpt-4"
var request = openai.ChatCompletionRequest{Model: "gpt-4.1-mini"}
""",
        ["gpt-4.1-mini @openai"],
    ),
    "go/claude.go": (
        """\
package main

import "github.com/anthropics/anthropic-sdk-go"

const model = "claude-opus-4-5-20251101"
""",
        ["claude-opus-4-5-20251101 @anthropic"],
    ),
    "cs/Chat.cs": (
        """\
using Azure.AI.OpenAI;

var client = new AzureOpenAIClient(endpoint, credential);
var chat = client.GetChatClient(deploymentName: "team-gpt");
""",
        ["deployment team-gpt @azure"],
    ),
    "cs/Kernel.cs": (
        """\
using Microsoft.SemanticKernel;

builder.AddOpenAIChatCompletion("gpt-4o", key);
""",
        ["gpt-4o @openai"],
    ),
    "rb/chat.rb": (
        """\
require "openai"

# model: "gpt-4"
client = OpenAI::Client.new
client.chat(parameters: { model: "gpt-4o", messages: [] })
""",
        ["gpt-4o"],
    ),
    "rust/main.rs": (
        """\
use async_openai::types::CreateChatCompletionRequestArgs;

fn main() {
    let request = CreateChatCompletionRequestArgs::default().model("gpt-4o-mini").build();
}
""",
        ["gpt-4o-mini @openai"],
    ),
    "php/chat.php": (
        """\
<?php
$client = OpenAI::client($key);
$client->chat()->create(['model' => 'gpt-4o', 'messages' => []]);
""",
        ["gpt-4o"],
    ),
    "sh/run.sh": (
        """\
#!/bin/sh
# ollama pull llama2
ollama pull llama3.1:8b
export OPENAI_MODEL=gpt-4o-mini
curl https://api.groq.com/openai/v1/chat/completions -d '{"model": "llama-3.3-70b-versatile"}'
""",
        ["llama3.1:8b @ollama", "gpt-4o-mini", "llama-3.3-70b-versatile @groq"],
    ),
    "litellm_config.yaml": (
        """\
model_list:
  - model_name: chat
    litellm_params:
      model: azure/prod-chat
      api_base: https://acme.openai.azure.com
  - model_name: gpt-4o
    litellm_params:
      model: bedrock/eu.anthropic.claude-sonnet-4-6
  - model_name: local
    litellm_params: {model: ollama/llama3.1}
  - model_name: any
    litellm_params:
      model: openrouter/auto
""",
        [
            "deployment azure/prod-chat",
            "bedrock/eu.anthropic.claude-sonnet-4-6",
            "ollama/llama3.1",
            "openrouter/auto",
        ],
    ),
    ".env": (
        """\
# AZURE_OPENAI_DEPLOYMENT=old
OPENAI_MODEL=gpt-4.1
AZURE_OPENAI_DEPLOYMENT_NAME="chat-prod"
BEDROCK_MODEL_ID='anthropic.claude-3-haiku-20240307-v1:0'
EMBEDDING_MODEL=text-embedding-3-small
""",
        [
            "gpt-4.1",
            "deployment chat-prod",
            "anthropic.claude-3-haiku-20240307-v1:0",
            "text-embedding-3-small",
        ],
    ),
    ".env.example": ("export ANTHROPIC_MODEL=claude-sonnet-5\n", ["claude-sonnet-5"]),
    "config/app.toml": (
        """\
[llm]
provider = "mistral"
model = "mistral-large-2411"
""",
        ["mistral-large-2411 @mistral"],
    ),
    "config/app.json": (
        """\
{
  "llm": { "provider": "openai", "model": "gpt-4o-2024-11-20" },
  "title": "An app"
}
""",
        ["gpt-4o-2024-11-20 @openai"],
    ),
    "config/app.yaml": (
        """\
llm:
  provider: anthropic
  model: claude-sonnet-4-6   # not claude-2
""",
        ["claude-sonnet-4-6 @anthropic"],
    ),
    "infra/main.tf": (
        """\
resource "azurerm_cognitive_deployment" "chat" {
  name = "chat-prod"
  model {
    format  = "OpenAI"
    name    = "gpt-4o"
    version = "2024-08-06"
  }
}
resource "aws_bedrock_inference_profile" "x" {
  model_source { copy_from = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0" }
}
""",
        ["gpt-4o @azure", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"],
    ),
    "Dockerfile": (
        """\
FROM vllm/vllm-openai:latest
ENV LLM_MODEL=mistralai/Mistral-7B-Instruct-v0.3
CMD ["--model", "meta-llama/Llama-3.1-8B-Instruct"]
""",
        ["mistralai/Mistral-7B-Instruct-v0.3", "meta-llama/Llama-3.1-8B-Instruct"],
    ),
    "docker-compose.yml": (
        """\
services:
  app:
    environment:
      - OPENAI_MODEL=gpt-4o
      - CHAT_MODEL=${CHAT_MODEL:-gpt-4o-mini}
  vllm:
    command: --model Qwen/Qwen2.5-7B-Instruct --port 80
""",
        ["gpt-4o", "unread ${CHAT_MODEL:-gpt-4o-mini}", "gpt-4o-mini", "Qwen/Qwen2.5-7B-Instruct"],
    ),
    "k8s/app.yaml": (
        """\
env:
  - name: OPENAI_MODEL
    value: gpt-4.1-mini
""",
        ["gpt-4.1-mini"],
    ),
    ".github/workflows/ci.yml": (
        """\
jobs:
  test:
    env:
      ANTHROPIC_MODEL: claude-haiku-4-5-20251001
    steps:
      - uses: actions/checkout@v4
""",
        ["claude-haiku-4-5-20251001"],
    ),
    ".continue/config.yaml": (
        """\
models:
  - name: Local
    provider: ollama
    model: qwen3:8b
""",
        ["qwen3:8b @ollama"],
    ),
    ".claude/settings.json": ('{"model": "claude-opus-4-8"}\n', ["claude-opus-4-8"]),
    ".cursor/settings.json": ('{"chat": {"model": "gpt-5.4"}}\n', ["gpt-5.4"]),
    ".codex/config.toml": ('model = "gpt-5.3-codex"\n', ["gpt-5.3-codex"]),
    ".aider.conf.yml": (
        "model: sonnet-next\nweak-model: gpt-4o-mini\n",
        ["sonnet-next", "gpt-4o-mini"],
    ),
    "Modelfile": ("FROM llama3.1:8b\nPARAMETER temperature 1\n", ["llama3.1:8b @ollama"]),
    "notebooks/try.ipynb": (
        """\
{
 "cells": [
  {"cell_type": "markdown", "source": ["Uses gpt-4"]},
  {
   "cell_type": "code",
   "source": [
    "from openai import OpenAI\\n",
    "%pip install openai\\n",
    "OpenAI().responses.create(model=\\"gpt-4o\\", input=\\"x\\")"
   ]
  }
 ]
}
""",
        ["gpt-4o @openai"],
    ),
    "README.md": ("Use gpt-4 or claude-2.\n", []),
    "requirements.txt": ("openai==1.2\nrequests\n", []),
    "package.json": ('{"dependencies": {"@anthropic-ai/sdk": "^0.30.0"}}\n', []),
}

NONE: dict[str, str] = {
    "train.py": 'import torch\nmodel = torch.load("resnet50.pt")\nmodel_name = "resnet50"\nengine = "v1"\n',
    "sk.py": 'from sklearn.linear_model import Ridge\nmodel = Ridge()\nmodels = ["linear", "ridge"]\n',
    "django/settings.py": 'AUTH_USER_MODEL = "auth.User"\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
    "django/models.py": 'from django.db import models\n\n\nclass Car(models.Model):\n    model = models.CharField(default="Golf")\n    user = models.ForeignKey(to="auth.User")\n',
    "admin.py": 'class A:\n    model = Car\n    fields = ["model", "engine"]\n',
    "cars.json": '{"cars": [{"model": "A4", "engine": "2.0-TDI"}, {"model": "o1"}, {"model": "Model-3"}]}',
    "cars.yaml": "model: Golf-8\nengine: v8-turbo\ndeployment: blue-1\n",
    "phones.ts": 'export const phones = [{ model: "SM-G991B" }, { model: "iPhone14,2" }];\n',
    "db.rb": 'config = { engine: "InnoDB-8", model: "User" }\nactive_record.model "Post2"\n',
    "Entity.java": '@Entity class Car { String model = "X5-2020"; String engine = "B48"; }\n',
    "Car.cs": 'class Car { public string Model = "Q7-2"; }\n',
    "main.go": 'package main\n\nvar model = "t2.micro-1"\nvar db = gorm.Model{}\n',
    "lib.rs": 'struct Car { model: String }\nfn f() { let c = Car { model: "i3-2".into() }; }\n',
    "infra/main.tf": 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  engine_version = "15.4"\n  instance_class = "db.t3.micro"\n}\nresource "kubernetes_deployment" "d" {\n  name = "web-1"\n}\n',
    "k8s/deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-1\nspec:\n  deployment: web-2\n",
    "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n    environment:\n      - ENGINE=innodb-1\n      - MODEL=car-1\n",
    ".env": "DATABASE_ENGINE=postgres-15\nDEPLOYMENT=blue-1\nMODEL=T-1000\n",
    "Dockerfile": 'FROM python:3.12\nENV MODEL=resnet-50\nCMD ["python", "train.py", "--epochs", "3"]\n',
    "app.vue": "<script>\nexport default { model: { prop: 'checked-1', event: 'change' } }\n</script>\n",
    "view.tsx": 'const view = <Input v-model="name-1" ng-model="x.y-2" />;\n',
    "pyproject.toml": '[project]\nname = "cars"\ndependencies = ["django>=5", "torch"]\n',
    "package.json": '{"name": "cars", "dependencies": {"sequelize-model": "^1", "react": "^18"}}',
    "scene.json": '{"model": "assets/tree-1.glb", "engine": "unity-2022"}',
    "printer.ini": "[printer]\nmodel = HP-4000\nengine = laser-2\n",
    "routes.php": "<?php Route::model('user-1', User::class);\n",
    "matrix.yml": "jobs:\n  build:\n    strategy:\n      matrix:\n        model: [a-1, b-2]\n    env:\n      DEPLOYMENT: ${{ github.ref }}\n",
    "nb.ipynb": '{"cells": [{"cell_type": "code", "source": ["import pandas as pd\\n", "model = \\"arima-1\\""]}]}',
    "notes.md": "We do not use gpt-4o.\n",
    "tools.sh": "#!/bin/sh\nexport MODEL=car-1\n./fit --model linear-1\n",
}
