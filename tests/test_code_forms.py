"""The forms in which SDKs, frameworks and settings name models, a line or two of each."""

from __future__ import annotations

from functools import cache

import pytest

from caio_mcp.core.code import find_mentions
from caio_mcp.files import load_library
from caio_mcp.service import knows

FORMS: list[tuple[str, str, list[str]]] = [
    (
        "a.py",
        'import openai\nopenai.ChatCompletion.create(engine="gpt-4", messages=[])\n',
        ["gpt-4"],
    ),
    (
        "a.py",
        'from llama_index.llms.openai import OpenAI\nfrom llama_index.core import Settings\nSettings.llm = OpenAI(model="gpt-4o")\n',
        ["gpt-4o"],
    ),
    ("a.py", 'import dspy\nlm = dspy.LM("openai/gpt-4o-mini")\n', ["openai/gpt-4o-mini"]),
    ("a.py", 'from crewai import LLM\nllm = LLM(model="ollama/llama3.1")\n', ["ollama/llama3.1"]),
    ("a.py", 'from pydantic_ai import Agent\nagent = Agent("openai:gpt-4o")\n', ["openai:gpt-4o"]),
    (
        "a.py",
        'from pydantic_ai import Agent\nagent = Agent("google-gla:gemini-2.5-flash")\n',
        ["google-gla:gemini-2.5-flash"],
    ),
    (
        "a.py",
        'from pydantic_ai import Agent\nagent = Agent("bedrock:eu.anthropic.claude-sonnet-4-6")\n',
        ["bedrock:eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "a.py",
        'from agno.models.anthropic import Claude\nm = Claude(id="claude-sonnet-4-5")\n',
        ["claude-sonnet-4-5"],
    ),
    (
        "a.py",
        'from langchain.chat_models import init_chat_model\nm = init_chat_model("gpt-4o", model_provider="openai")\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'from langchain.chat_models import init_chat_model\nm = init_chat_model("anthropic:claude-3-5-sonnet-latest")\n',
        ["anthropic:claude-3-5-sonnet-latest"],
    ),
    (
        "a.py",
        'import google.generativeai as genai\nm = genai.GenerativeModel("gemini-1.5-pro")\n',
        ["gemini-1.5-pro"],
    ),
    (
        "a.py",
        'import google.generativeai as genai\nm = genai.GenerativeModel(model_name="models/gemini-1.5-pro-002")\n',
        ["models/gemini-1.5-pro-002"],
    ),
    (
        "a.py",
        'from google import genai\nclient = genai.Client()\nclient.models.generate_content(model="gemini-2.5-flash", contents="x")\n',
        ["gemini-2.5-flash"],
    ),
    (
        "a.py",
        'import instructor\nclient = instructor.from_provider("anthropic/claude-3-5-haiku-20241022")\n',
        ["anthropic/claude-3-5-haiku-20241022"],
    ),
    ("a.py", 'import autogen\nconfig_list = [{"model": "gpt-4", "api_key": "x"}]\n', ["gpt-4"]),
    (
        "a.py",
        'from sentence_transformers import SentenceTransformer\nm = SentenceTransformer("BAAI/bge-m3")\n',
        ["BAAI/bge-m3"],
    ),
    (
        "a.py",
        'from sentence_transformers import SentenceTransformer\nm = SentenceTransformer("all-MiniLM-L6-v2")\n',
        ["all-MiniLM-L6-v2"],
    ),
    (
        "a.py",
        'from transformers import pipeline\np = pipeline("text-generation", model="mistralai/Mistral-7B-Instruct-v0.3")\n',
        ["mistralai/Mistral-7B-Instruct-v0.3"],
    ),
    (
        "a.py",
        'from transformers import AutoTokenizer\nt = AutoTokenizer.from_pretrained("meta-llama/Llama-3.1-8B-Instruct")\n',
        ["meta-llama/Llama-3.1-8B-Instruct"],
    ),
    (
        "a.py",
        'from langchain_aws import BedrockEmbeddings\ne = BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0")\n',
        ["amazon.titan-embed-text-v2:0"],
    ),
    (
        "a.py",
        'from enum import Enum\nclass Models(str, Enum):\n    FAST = "gpt-4o-mini"\n    GOOD = "claude-opus-4-6"\n',
        ["gpt-4o-mini", "claude-opus-4-6"],
    ),
    (
        "a.py",
        'from dataclasses import dataclass\n@dataclass\nclass C:\n    model: str = "gpt-4o"\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'import argparse\np = argparse.ArgumentParser()\np.add_argument("--model", default="gpt-4o")\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'from typing import Literal\nName = Literal["gpt-4o", "gpt-4o-mini"]\n',
        ["gpt-4o", "gpt-4o-mini"],
    ),
    ("a.py", 'import os\nos.environ.setdefault("OPENAI_MODEL", "gpt-4o")\n', ["gpt-4o"]),
    ("a.py", 'import whisper\nm = whisper.load_model("large-v3")\n', ["large-v3"]),
    (
        "a.py",
        'from openai import OpenAI\nOpenAI().audio.transcriptions.create(model="whisper-1", file=f)\n',
        ["whisper-1"],
    ),
    (
        "a.py",
        'import cohere\nco = cohere.ClientV2()\nco.chat(model="command-a-03-2025", messages=[])\n',
        ["command-a-03-2025"],
    ),
    (
        "a.py",
        'from mistralai import Mistral\nMistral().chat.complete(model="mistral-large-latest", messages=[])\n',
        ["mistral-large-latest"],
    ),
    (
        "a.py",
        'from groq import Groq\nGroq().chat.completions.create(model="llama-3.3-70b-versatile", messages=[])\n',
        ["llama-3.3-70b-versatile"],
    ),
    (
        "a.py",
        'from together import Together\nTogether().chat.completions.create(model="meta-llama/Llama-3.3-70B-Instruct-Turbo", messages=[])\n',
        ["meta-llama/Llama-3.3-70B-Instruct-Turbo"],
    ),
    (
        "a.py",
        'from vllm import LLM\nllm = LLM(model="Qwen/Qwen2.5-7B-Instruct")\n',
        ["Qwen/Qwen2.5-7B-Instruct"],
    ),
    (
        "a.py",
        'from vllm import LLM\nllm = LLM("Qwen/Qwen2.5-7B-Instruct")\n',
        ["Qwen/Qwen2.5-7B-Instruct"],
    ),
    (
        "a.py",
        'from litellm import completion\ncompletion("gemini/gemini-2.0-flash", messages=[])\n',
        ["gemini/gemini-2.0-flash"],
    ),
    (
        "a.py",
        'from ibm_watsonx_ai.foundation_models import ModelInference\nm = ModelInference(model_id="ibm/granite-3-8b-instruct")\n',
        ["ibm/granite-3-8b-instruct"],
    ),
    (
        "a.py",
        'from snowflake.cortex import complete\ncomplete("llama3.1-70b", "hi")\n',
        ["llama3.1-70b"],
    ),
    (
        "a.py",
        "q = \"SELECT SNOWFLAKE.CORTEX.COMPLETE('mistral-large2', text) FROM t\"\n",
        ["mistral-large2"],
    ),
    (
        "a.py",
        "q = \"SELECT ai_query('databricks-meta-llama-3-3-70b-instruct', text)\"\n",
        ["databricks-meta-llama-3-3-70b-instruct"],
    ),
    (
        "a.py",
        'import requests\nrequests.post("https://api.openai.com/v1/chat/completions", json={"model": "gpt-4o", "messages": []})\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'import requests\nrequests.post("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent", json={})\n',
        ["gemini-2.0-flash"],
    ),
    (
        "a.py",
        'import requests\nrequests.post("https://x.openai.azure.com/openai/deployments/chat-prod/chat/completions?api-version=2024-02-01")\n',
        ["chat-prod"],
    ),
    (
        "a.py",
        'import httpx\nhttpx.post("https://bedrock-runtime.eu-central-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1:0/invoke")\n',
        ["anthropic.claude-3-haiku-20240307-v1:0"],
    ),
    (
        "a.py",
        'import httpx\nhttpx.post("https://api-inference.huggingface.co/models/mistralai/Mistral-7B-Instruct-v0.2")\n',
        ["mistralai/Mistral-7B-Instruct-v0.2"],
    ),
    ("a.py", 'from ollama import chat\nchat(model="llama3.2:3b", messages=[])\n', ["llama3.2:3b"]),
    ("a.py", 'import ollama\nollama.pull("qwen2.5-coder:7b")\n', ["qwen2.5-coder:7b"]),
    (
        "a.py",
        'from huggingface_hub import InferenceClient\nc = InferenceClient("HuggingFaceH4/zephyr-7b-beta")\n',
        ["HuggingFaceH4/zephyr-7b-beta"],
    ),
    (
        "a.py",
        'from huggingface_hub import snapshot_download\nsnapshot_download("meta-llama/Llama-3.1-8B-Instruct")\n',
        ["meta-llama/Llama-3.1-8B-Instruct"],
    ),
    (
        "a.py",
        'from strands import Agent\nfrom strands.models import BedrockModel\nm = BedrockModel(model_id="us.amazon.nova-pro-v1:0")\n',
        ["us.amazon.nova-pro-v1:0"],
    ),
    (
        "a.py",
        'from smolagents import InferenceClientModel\nm = InferenceClientModel(model_id="Qwen/Qwen2.5-Coder-32B-Instruct")\n',
        ["Qwen/Qwen2.5-Coder-32B-Instruct"],
    ),
    (
        "a.py",
        'from haystack.components.generators import OpenAIGenerator\ng = OpenAIGenerator(model="gpt-4o-mini")\n',
        ["gpt-4o-mini"],
    ),
    (
        "a.py",
        'import openai\nMODEL = "gpt-4o" if fast else "gpt-4.1"\nopenai.OpenAI().responses.create(model=MODEL)\n',
        ["gpt-4o", "gpt-4.1"],
    ),
    (
        "a.py",
        'import openai\ndef ask(model="o3-mini"):\n    openai.OpenAI().responses.create(model=model)\n',
        ["o3-mini"],
    ),
    (
        "a.py",
        'import openai\nopenai.OpenAI().responses.create(model=f"gpt-4o-{size}")\n',
        ['f"gpt-4o-{size}"'],
    ),
    (
        "a.py",
        'import openai\nopenai.OpenAI().responses.create(**{"model": "gpt-4o"})\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'import openai\nparams = dict(model="gpt-4o", temperature=0)\nopenai.OpenAI().responses.create(**params)\n',
        ["gpt-4o"],
    ),
    (
        "a.py",
        'import openai\nopenai.OpenAI().images.generate(model="dall-e-3", prompt="x")\n',
        ["dall-e-3"],
    ),
    (
        "a.py",
        'import openai\nopenai.OpenAI().images.generate(model="gpt-image-1", prompt="x")\n',
        ["gpt-image-1"],
    ),
    (
        "a.py",
        'import replicate\nreplicate.run("black-forest-labs/flux-schnell", input={})\n',
        ["black-forest-labs/flux-schnell"],
    ),
    (
        "a.py",
        'from elevenlabs import ElevenLabs\nElevenLabs().text_to_speech.convert(model_id="eleven_multilingual_v2")\n',
        ["eleven_multilingual_v2"],
    ),
    ("a.py", 'import voyageai\nvoyageai.Client().embed(["x"], model="voyage-3")\n', ["voyage-3"]),
    (
        "a.py",
        'from vertexai.language_models import TextEmbeddingModel\nm = TextEmbeddingModel.from_pretrained("text-embedding-005")\n',
        ["text-embedding-005"],
    ),
    (
        "a.py",
        'import anthropic\nanthropic.AnthropicBedrock().messages.create(model="anthropic.claude-sonnet-4-5-20250929-v1:0")\n',
        ["anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ),
    (
        "a.py",
        'from claude_agent_sdk import ClaudeAgentOptions\no = ClaudeAgentOptions(model="opus")\n',
        ["opus"],
    ),
    (
        "a.ts",
        'import { openai } from "@ai-sdk/openai";\nconst r = await generateText({ model: openai("gpt-4o"), prompt });\n',
        ["gpt-4o"],
    ),
    (
        "a.ts",
        'import { createOpenAI } from "@ai-sdk/openai";\nconst o = createOpenAI({});\nconst m = o("gpt-4o");\n',
        ["gpt-4o"],
    ),
    (
        "a.ts",
        'import { generateText } from "ai";\ngenerateText({ model: "anthropic/claude-sonnet-4.5" });\n',
        ["anthropic/claude-sonnet-4.5"],
    ),
    (
        "a.ts",
        'import { gateway } from "ai";\nconst m = gateway("openai/gpt-5");\n',
        ["openai/gpt-5"],
    ),
    (
        "a.ts",
        'import Anthropic from "@anthropic-ai/sdk";\nconst msg = await new Anthropic().messages.create({ model: "claude-sonnet-4-5", max_tokens: 1 });\n',
        ["claude-sonnet-4-5"],
    ),
    (
        "a.ts",
        'import { google } from "@ai-sdk/google";\nconst m = google("gemini-2.5-pro");\n',
        ["gemini-2.5-pro"],
    ),
    (
        "a.ts",
        'import { bedrock } from "@ai-sdk/amazon-bedrock";\nconst m = bedrock("anthropic.claude-3-5-sonnet-20241022-v2:0");\n',
        ["anthropic.claude-3-5-sonnet-20241022-v2:0"],
    ),
    (
        "a.ts",
        'import { azure } from "@ai-sdk/azure";\nconst m = azure("my-deployment");\n',
        ["my-deployment"],
    ),
    (
        "a.ts",
        'export const MODELS = { fast: "gpt-4o-mini", smart: `claude-opus-4-6` } as const;\n',
        ["gpt-4o-mini", "claude-opus-4-6"],
    ),
    ("a.ts", "export enum Model { Fast = 'gpt-4o-mini' }\n", ["gpt-4o-mini"]),
    (
        "a.ts",
        'import { ChatOpenAI } from "@langchain/openai";\nnew ChatOpenAI({ modelName: "gpt-4" });\n',
        ["gpt-4"],
    ),
    (
        "a.ts",
        'import { GoogleGenerativeAI } from "@google/generative-ai";\nai.getGenerativeModel({ model: "gemini-1.5-flash" });\n',
        ["gemini-1.5-flash"],
    ),
    (
        "a.ts",
        'import OpenAI from "openai";\nasync function f(model = "gpt-4o") { return new OpenAI().responses.create({ model }); }\n',
        ["gpt-4o"],
    ),
    (
        "a.ts",
        'import OpenAI from "openai";\nnew OpenAI().responses.create({ model: isPro ? "gpt-4o" : "gpt-4o-mini" });\n',
        ["gpt-4o", "gpt-4o-mini"],
    ),
    (
        "a.ts",
        'import OpenAI from "openai";\nnew OpenAI().responses.create({ model: process.env.MODEL ?? "gpt-4o" });\n',
        ["gpt-4o", "process.env.MODEL"],
    ),
    (
        "a.tsx",
        'import { useChat } from "ai/react";\nexport const C = () => <Chat model="gpt-4o" />;\n',
        ["gpt-4o"],
    ),
    (
        "a.js",
        'const { OpenAI } = require("openai");\nnew OpenAI().chat.completions.create({ "model": "gpt-3.5-turbo" });\n',
        ["gpt-3.5-turbo"],
    ),
    (
        "a.js",
        'fetch("https://api.mistral.ai/v1/chat/completions", { body: JSON.stringify({ model: "mistral-small-latest" }) });\n',
        ["mistral-small-latest"],
    ),
    (
        "a.vue",
        '<script setup lang="ts">\nimport OpenAI from "openai"\nconst m = "gpt-4o"\n</script>\n',
        ["gpt-4o"],
    ),
    (
        "A.java",
        'import dev.langchain4j.model.openai.OpenAiChatModel;\nclass A { Object m = OpenAiChatModel.builder().modelName("gpt-4o-mini").build(); }\n',
        ["gpt-4o-mini"],
    ),
    (
        "A.java",
        "import static dev.langchain4j.model.openai.OpenAiChatModelName.GPT_4_O_MINI;\nclass A { Object m = OpenAiChatModel.builder().modelName(GPT_4_O_MINI).build(); }\n",
        ["GPT_4_O_MINI"],
    ),
    (
        "A.java",
        "import com.openai.models.ChatModel;\nclass A { Object m = p.model(ChatModel.GPT_4_1).build(); }\n",
        ["GPT_4_1"],
    ),
    (
        "A.java",
        'import com.openai.models.ChatModel;\nclass A { Object m = p.model(ChatModel.of("gpt-4o")).build(); }\n',
        ["gpt-4o"],
    ),
    (
        "A.java",
        "import com.anthropic.models.messages.Model;\nclass A { Object m = p.model(Model.CLAUDE_SONNET_4_5).build(); }\n",
        ["CLAUDE_SONNET_4_5"],
    ),
    (
        "A.java",
        'import software.amazon.awssdk.services.bedrockruntime.*;\nclass A { Object m = InvokeModelRequest.builder().modelId("amazon.nova-lite-v1:0").build(); }\n',
        ["amazon.nova-lite-v1:0"],
    ),
    (
        "application.properties",
        "spring.ai.openai.chat.options.model=gpt-4o\nserver.port=80\n",
        ["gpt-4o"],
    ),
    (
        "application.yml",
        "spring:\n  ai:\n    openai:\n      chat:\n        options:\n          model: gpt-4o\n",
        ["gpt-4o"],
    ),
    (
        "application.yml",
        "spring:\n  ai:\n    azure:\n      openai:\n        chat:\n          options:\n            deployment-name: chat-prod\n",
        ["chat-prod"],
    ),
    (
        "a.go",
        'import "github.com/openai/openai-go"\nx := openai.ChatCompletionNewParams{Model: openai.ChatModelGPT4o}\n',
        ["ChatModelGPT4o"],
    ),
    (
        "a.go",
        'import openai "github.com/sashabaranov/go-openai"\nx := openai.ChatCompletionRequest{Model: openai.GPT4oMini}\n',
        ["GPT4oMini"],
    ),
    (
        "a.go",
        'import "github.com/anthropics/anthropic-sdk-go"\nx := anthropic.MessageNewParams{Model: anthropic.ModelClaudeSonnet4_5}\n',
        ["ModelClaudeSonnet4_5"],
    ),
    (
        "a.go",
        'import "github.com/aws/aws-sdk-go-v2/service/bedrockruntime"\nx := &bedrockruntime.ConverseInput{ModelId: aws.String("eu.anthropic.claude-sonnet-4-6")}\n',
        ["eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "a.go",
        'import "github.com/google/generative-ai-go/genai"\nm := client.GenerativeModel("gemini-1.5-pro")\n',
        ["gemini-1.5-pro"],
    ),
    (
        "a.go",
        'import "github.com/tmc/langchaingo/llms/ollama"\nm, _ := ollama.New(ollama.WithModel("llama3.2"))\n',
        ["llama3.2"],
    ),
    ("A.cs", 'using OpenAI.Chat;\nvar c = new ChatClient("gpt-4o", key);\n', ["gpt-4o"]),
    (
        "A.cs",
        'using OpenAI.Chat;\nvar c = new ChatClient(model: "gpt-4o-mini", apiKey: key);\n',
        ["gpt-4o-mini"],
    ),
    ("A.cs", 'using Azure.AI.OpenAI;\nvar c = client.GetChatClient("chat-prod");\n', ["chat-prod"]),
    (
        "A.cs",
        'using Microsoft.SemanticKernel;\nbuilder.AddOpenAIChatCompletion("gpt-4o", key);\n',
        ["gpt-4o"],
    ),
    (
        "A.cs",
        'using Microsoft.SemanticKernel;\nbuilder.AddAzureOpenAIChatCompletion(deploymentName: "chat", endpoint: e, apiKey: k);\n',
        ["chat"],
    ),
    (
        "A.cs",
        'using Microsoft.SemanticKernel;\nbuilder.AddAzureOpenAIChatCompletion("chat", e, k);\n',
        ["chat"],
    ),
    (
        "appsettings.json",
        '{"OpenAI": {"ModelId": "gpt-4o"}, "AzureOpenAI": {"DeploymentName": "chat", "Endpoint": "https://x.openai.azure.com"}}\n',
        ["gpt-4o", "chat"],
    ),
    (
        "a.rb",
        'require "openai"\nclient.chat(parameters: { model: "gpt-4o", messages: [] })\n',
        ["gpt-4o"],
    ),
    (
        "a.rb",
        "require 'ruby_llm'\nchat = RubyLLM.chat(model: 'claude-sonnet-4-5')\n",
        ["claude-sonnet-4-5"],
    ),
    (
        "a.rb",
        "RubyLLM.configure do |config|\n  config.default_model = 'gpt-4.1'\nend\n",
        ["gpt-4.1"],
    ),
    (
        "a.rs",
        'use async_openai::types::*;\nlet r = CreateChatCompletionRequestArgs::default().model("gpt-4o").build()?;\n',
        ["gpt-4o"],
    ),
    (
        "a.rs",
        "use rig::providers::openai;\nlet a = client.agent(openai::GPT_4O).build();\n",
        ["GPT_4O"],
    ),
    (
        "a.rs",
        'use rig::providers::anthropic;\nlet a = client.agent("claude-3-5-sonnet-latest").build();\n',
        ["claude-3-5-sonnet-latest"],
    ),
    ("a.rs", 'const MODEL: &str = "claude-opus-4-6";\n', ["claude-opus-4-6"]),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n      - uses: actions/ai-inference@v1\n        with:\n          model: openai/gpt-4.1\n",
        ["openai/gpt-4.1"],
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: --model claude-sonnet-4-5 --max-turns 5\n",
        ["claude-sonnet-4-5"],
    ),
    (
        "promptfooconfig.yaml",
        "providers:\n  - openai:gpt-4o\n  - id: anthropic:messages:claude-sonnet-4-5-20250929\n  - bedrock:eu.anthropic.claude-sonnet-4-6\n",
        [
            "openai:gpt-4o",
            "anthropic:messages:claude-sonnet-4-5-20250929",
            "bedrock:eu.anthropic.claude-sonnet-4-6",
        ],
    ),
    ("cm.yaml", "kind: ConfigMap\ndata:\n  LLM_MODEL: gpt-4o\n", ["gpt-4o"]),
    (
        "values.yaml",
        "llm:\n  provider: openai\n  model: gpt-4o-mini\nimage:\n  tag: v1\n",
        ["gpt-4o-mini"],
    ),
    (
        "docker-compose.yml",
        'services:\n  v:\n    image: vllm/vllm-openai\n    command: ["--model", "mistralai/Mistral-7B-Instruct-v0.3"]\n',
        ["mistralai/Mistral-7B-Instruct-v0.3"],
    ),
    (
        "docker-compose.yml",
        'services:\n  v:\n    image: ollama/ollama\n    entrypoint: sh -c "ollama serve & ollama pull llama3.2:3b"\n',
        ["llama3.2:3b"],
    ),
    (".gitlab-ci.yml", "variables:\n  OPENAI_MODEL: gpt-4o\n", ["gpt-4o"]),
    (
        "template.yaml",
        "Resources:\n  F:\n    Properties:\n      Environment:\n        Variables:\n          MODEL_ID: eu.anthropic.claude-sonnet-4-6\n",
        ["eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "config.toml",
        'model = "gpt-5-codex"\nmodel_reasoning_effort = "high"\n[profiles.x]\nmodel = "o3"\n',
        ["gpt-5-codex", "o3"],
    ),
    ("secrets.toml", 'OPENAI_MODEL = "gpt-4o"\n[db]\nhost = "x"\n', ["gpt-4o"]),
    (
        ".claude/settings.json",
        '{"model": "opus", "env": {"ANTHROPIC_MODEL": "eu.anthropic.claude-sonnet-4-6"}}\n',
        ["opus", "eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        ".vscode/settings.json",
        '{"github.copilot.chat.commitMessageGeneration.model": "gpt-4.1", "editor.tabSize": 2}\n',
        ["gpt-4.1"],
    ),
    (
        "opencode.json",
        '{"model": "anthropic/claude-sonnet-4-5", "small_model": "anthropic/claude-haiku-4-5"}\n',
        ["anthropic/claude-sonnet-4-5", "anthropic/claude-haiku-4-5"],
    ),
    (
        "workflow.json",
        '{"nodes": [{"type": "@n8n/n8n-nodes-langchain.lmChatOpenAi", "parameters": {"model": {"__rl": true, "value": "gpt-4o-mini", "mode": "list", "cachedResultName": "gpt-4o-mini"}}}]}\n',
        ["gpt-4o-mini"],
    ),
    (
        "workflow.json",
        '{"nodes": [{"type": "@n8n/n8n-nodes-langchain.lmChatAnthropic", "parameters": {"model": "claude-3-5-sonnet-20241022"}}]}\n',
        ["claude-3-5-sonnet-20241022"],
    ),
    (
        "flow.json",
        '{"data": {"name": "chatOpenAI", "inputs": {"modelName": "gpt-4"}}}\n',
        ["gpt-4"],
    ),
    (
        "settings.json",
        '{"assistant": {"default_model": {"provider": "openai", "model": "gpt-4o"}}}\n',
        ["gpt-4o"],
    ),
    (
        "mcp.json",
        '{"mcpServers": {"x": {"command": "npx", "args": ["tool", "--model", "gpt-4o"]}}}\n',
        ["gpt-4o"],
    ),
    (
        "a.tf",
        'resource "azurerm_cognitive_deployment" "c" {\n  name = "chat"\n  model {\n    format = "OpenAI"\n    name = "gpt-4o"\n    version = "2024-08-06"\n  }\n}\n',
        ["gpt-4o"],
    ),
    (
        "a.tf",
        'resource "aws_bedrock_inference_profile" "p" {\n  name = "p"\n  model_source {\n    copy_from = "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"\n  }\n}\n',
        ["arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"],
    ),
    ("variables.tf", 'variable "model" {\n  type = string\n  default = "gpt-4o"\n}\n', ["gpt-4o"]),
    ("terraform.tfvars", 'openai_model = "gpt-4o-mini"\n', ["gpt-4o-mini"]),
    (
        "Dockerfile",
        "FROM python:3.12\nENV MODEL_NAME=gpt-4o\nARG EMBED_MODEL=text-embedding-3-large\n",
        ["gpt-4o", "text-embedding-3-large"],
    ),
    (
        "Dockerfile",
        'FROM python\nRUN huggingface-cli download meta-llama/Llama-3.1-8B-Instruct\nCMD ["vllm", "serve", "Qwen/Qwen2.5-7B-Instruct"]\n',
        ["meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen2.5-7B-Instruct"],
    ),
    (
        "a.sh",
        'curl https://api.openai.com/v1/responses -d \'{"model": "gpt-4o", "input": "hi"}\'\n',
        ["gpt-4o"],
    ),
    ("a.sh", 'ollama run llama3.2 "hi"\n', ["llama3.2"]),
    ("a.sh", 'llm -m gpt-4o "hi"\n', ["gpt-4o"]),
    (
        "a.sh",
        "export ANTHROPIC_MODEL=claude-opus-4-6\nclaude --model opus -p hi\n",
        ["claude-opus-4-6", "opus"],
    ),
    (
        "a.sh",
        "aws bedrock-runtime converse --model-id eu.anthropic.claude-sonnet-4-6 --region eu-west-1\n",
        ["eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "a.sh",
        "aws bedrock-runtime invoke-model --model-id=amazon.nova-lite-v1:0 out.json\n",
        ["amazon.nova-lite-v1:0"],
    ),
    ("Makefile", "MODEL ?= gpt-4o\nrun:\n\tpython app.py --model $(MODEL)\n", ["gpt-4o"]),
    (
        ".env",
        'OPENAI_MODEL=gpt-4o # main\nAZURE_OPENAI_DEPLOYMENT=chat\nLLM="anthropic/claude-sonnet-4.5"\n',
        ["gpt-4o", "chat", "anthropic/claude-sonnet-4.5"],
    ),
    (
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "source": ["!ollama pull llama3\\n", "%env OPENAI_MODEL=gpt-4o\\n", "import openai\\n", "openai.OpenAI().responses.create(model=\\"o4-mini\\")"]}], "nbformat": 4}',
        ["llama3", "gpt-4o", "o4-mini"],
    ),
    ("a.kt", 'import com.aallam.openai.api.model.ModelId\nval m = ModelId("gpt-4o")\n', ["gpt-4o"]),
    (
        "a.php",
        "<?php\n$client = OpenAI::client($k);\n$client->chat()->create(['model' => 'gpt-4o']);\n",
        ["gpt-4o"],
    ),
    ("a.swift", "let q = ChatQuery(messages: [], model: .gpt4_o)\n", []),
    ("app.ini", "[llm]\nmodel = gpt-4o\n", ["gpt-4o"]),
    (
        "main.bicep",
        "resource d 'Microsoft.CognitiveServices/accounts/deployments@2023-05-01' = {\n  properties: {\n    model: {\n      format: 'OpenAI'\n      name: 'gpt-4o'\n      version: '2024-08-06'\n    }\n  }\n}\n",
        ["gpt-4o"],
    ),
    (
        "q.sql",
        "SELECT SNOWFLAKE.CORTEX.COMPLETE('mistral-large2', text) FROM t;\n",
        ["mistral-large2"],
    ),
    (
        ".continue/config.yaml",
        "name: x\nmodels:\n  - name: GPT-4o\n    provider: openai\n    model: gpt-4o\n    roles: [chat]\n  - name: local\n    provider: ollama\n    model: qwen2.5-coder:7b\n",
        ["gpt-4o", "qwen2.5-coder:7b"],
    ),
    (
        ".continue/config.json",
        '{"models": [{"title": "Claude", "provider": "anthropic", "model": "claude-3-5-sonnet-latest"}], "tabAutocompleteModel": {"title": "t", "provider": "ollama", "model": "starcoder2:3b"}, "embeddingsProvider": {"provider": "openai", "model": "text-embedding-3-small"}}\n',
        ["claude-3-5-sonnet-latest", "starcoder2:3b", "text-embedding-3-small"],
    ),
    (
        ".github/chatmodes/a.chatmode.md",
        "---\ndescription: x\nmodel: Claude Sonnet 4.5\ntools: [a]\n---\nUse gpt-4o.\n",
        ["Claude Sonnet 4.5"],
    ),
    (
        ".github/agents/a.agent.md",
        "---\nname: x\nmodel: GPT-4.1 (copilot)\n---\ntext\n",
        ["GPT-4.1"],
    ),
    (
        ".github/prompts/a.prompt.md",
        "---\nmode: agent\nmodel: GPT-4o\n---\ntext about gpt-3.5-turbo\n",
        ["GPT-4o"],
    ),
    (
        ".claude/agents/a.md",
        "---\nname: x\nmodel: sonnet\n---\nUse model: gpt-4 sometimes\n",
        ["sonnet"],
    ),
    (
        ".claude/settings.json",
        '{"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "ANTHROPIC_SMALL_FAST_MODEL": "eu.anthropic.claude-haiku-4-5-20251001-v1:0", "AWS_REGION": "eu-central-1"}, "availableModels": ["sonnet", "haiku"]}\n',
        ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "sonnet"],
    ),
    (
        ".cursor/settings.json",
        '{"cursor.chat.model": "claude-4-sonnet", "x": 1}\n',
        ["claude-4-sonnet"],
    ),
    (
        ".vscode/settings.json",
        '{"github.copilot.selectedCompletionModel": "gpt-4o-copilot", "editor.fontSize": 12}\n',
        ["gpt-4o-copilot"],
    ),
    (
        "docker-compose.yml",
        "services:\n  app:\n    models: [llm]\nmodels:\n  llm:\n    model: ai/gemma3:4B-Q4_0\n",
        ["ai/gemma3:4B-Q4_0"],
    ),
    (
        "compose.yaml",
        "services:\n  app:\n    environment:\n      - OPENAI_MODEL=gpt-4o-mini\n      - LLM_MODEL=${LLM_MODEL:-mistral-small-latest}\n      - AZURE_OPENAI_DEPLOYMENT_NAME=chat-eu\n",
        ["gpt-4o-mini", "${LLM_MODEL:-mistral-small-latest}", "mistral-small-latest", "chat-eu"],
    ),
    (
        "config.yaml",
        "model_list:\n  - model_name: gpt\n    litellm_params:\n      model: azure/gpt-4o-eu\n      api_base: https://x.openai.azure.com\n      base_model: azure/gpt-4o-2024-08-06\n  - model_name: claude\n    litellm_params: {model: bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0, aws_region_name: eu-central-1}\nrouter_settings:\n  fallbacks: [{gpt: [claude]}]\n",
        [
            "azure/gpt-4o-eu",
            "azure/gpt-4o-2024-08-06",
            "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        ],
    ),
    (
        "a.py",
        "from langchain_aws import ChatBedrockConverse\nm = ChatBedrockConverse(\n    model='eu.amazon.nova-pro-v1:0',\n    region_name='eu-west-1',\n)\n",
        ["eu.amazon.nova-pro-v1:0"],
    ),
    (
        "a.py",
        "import os\nfrom openai import AzureOpenAI\nDEPLOYMENT = os.environ['AZURE_DEPLOYMENT']\nc = AzureOpenAI()\nc.chat.completions.create(model=DEPLOYMENT, messages=[])\n",
        ["os.environ['AZURE_DEPLOYMENT']"],
    ),
    (
        "a.py",
        "# -*- coding: utf-8 -*-\nimport openai\nMODELLE = {'schnell': 'gpt-4o-mini', 'gut': 'gpt-4.1'}  # Modelle\nopenai.OpenAI().responses.create(model=MODELLE['gut'])\n",
        ["gpt-4o-mini", "gpt-4.1", "MODELLE['gut']"],
    ),
    (
        "a.py",
        "import openai\nclass Config:\n    model_name = 'gpt-4o'\n    def run(self):\n        return openai.OpenAI().responses.create(model=self.model_name)\n",
        ["gpt-4o"],
    ),
    ("a.py", "\ufeffimport openai\nopenai.OpenAI().responses.create(model='gpt-4o')\n", ["gpt-4o"]),
    (
        "a.ts",
        "import { initChatModel } from 'langchain';\nconst m = await initChatModel('anthropic:claude-sonnet-4-5');\n",
        ["anthropic:claude-sonnet-4-5"],
    ),
    (
        "a.ts",
        "import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';\nconst cmd = new InvokeModelCommand({ modelId: `eu.anthropic.claude-sonnet-4-6`, body });\n",
        ["eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "a.ts",
        "import { AzureOpenAI } from 'openai';\nconst c = new AzureOpenAI({ deployment: 'gpt4o-prod', apiVersion: 'x' });\n",
        ["gpt4o-prod"],
    ),
    (
        "a.ts",
        "import { ollama } from 'ollama-ai-provider';\nconst m = ollama('llama3.2:3b');\n",
        ["llama3.2:3b"],
    ),
    (
        "a.ts",
        "import { createOpenRouter } from '@openrouter/ai-sdk-provider';\nconst m = openrouter.chat('anthropic/claude-sonnet-4.5');\n",
        ["anthropic/claude-sonnet-4.5"],
    ),
    (
        "A.java",
        'import org.springframework.ai.openai.OpenAiChatOptions;\nclass A { Object o = OpenAiChatOptions.builder().withModel("gpt-4o").build(); }\n',
        ["gpt-4o"],
    ),
    (
        "A.java",
        "import org.springframework.ai.openai.api.OpenAiApi;\nclass A { Object o = x.model(OpenAiApi.ChatModel.GPT_4_O_MINI); }\n",
        ["GPT_4_O_MINI"],
    ),
    (
        "A.java",
        'import dev.langchain4j.model.azure.AzureOpenAiChatModel;\nclass A { Object o = AzureOpenAiChatModel.builder().deploymentName("prod-4o").build(); }\n',
        ["prod-4o"],
    ),
    (
        "a.go",
        'import "github.com/aws/aws-sdk-go-v2/service/bedrockruntime"\nconst modelID = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"\n',
        ["eu.anthropic.claude-haiku-4-5-20251001-v1:0"],
    ),
    (
        "a.go",
        'import "google.golang.org/genai"\nres, err := client.Models.GenerateContent(ctx, "gemini-2.5-flash", genai.Text("x"), nil)\n',
        ["gemini-2.5-flash"],
    ),
    (
        "a.go",
        'import "github.com/ollama/ollama/api"\nreq := &api.ChatRequest{Model: "llama3.2", Messages: m}\n',
        ["llama3.2"],
    ),
    (
        "a.go",
        'import "github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai"\nopts := azopenai.ChatCompletionsOptions{DeploymentName: to.Ptr("gpt-4o-prod")}\n',
        ["gpt-4o-prod"],
    ),
    (
        "A.cs",
        'using Amazon.BedrockRuntime;\nvar r = new ConverseRequest { ModelId = "eu.anthropic.claude-sonnet-4-6" };\n',
        ["eu.anthropic.claude-sonnet-4-6"],
    ),
    (
        "A.cs",
        "using Anthropic.SDK;\nvar p = new MessageParameters { Model = AnthropicModels.Claude45Sonnet };\n",
        [],
    ),
    ("A.cs", 'using OpenAI;\nprivate const string Model = "gpt-4.1-nano";\n', ["gpt-4.1-nano"]),
    (
        "a.rb",
        'require "anthropic"\nclient.messages.create(model: "claude-sonnet-4-5", max_tokens: 10)\n',
        ["claude-sonnet-4-5"],
    ),
    (
        "a.rb",
        'client.invoke_model(model_id: "amazon.titan-embed-text-v2:0", body: b)\n',
        ["amazon.titan-embed-text-v2:0"],
    ),
    (
        "a.rb",
        'require "openai"\nclient.chat(parameters: { model: ENV.fetch("OPENAI_MODEL", "gpt-4o") })\n',
        ["gpt-4o", 'ENV.fetch("OPENAI_MODEL", "gpt-4o")'],
    ),
    (
        "a.rs",
        'use aws_sdk_bedrockruntime::Client;\nlet r = client.converse().model_id("eu.amazon.nova-lite-v1:0").send().await?;\n',
        ["eu.amazon.nova-lite-v1:0"],
    ),
    (
        "a.rs",
        'use ollama_rs::Ollama;\nlet model = "llama3.2:latest".to_string();\n',
        ["llama3.2:latest"],
    ),
    (
        "a.tf",
        'resource "azurerm_cognitive_deployment" "c" {\n  model {\n    format  = "OpenAI"\n    name    = "gpt-4o-mini"\n    version = "2024-07-18"\n  }\n}\nresource "aws_bedrock_model_invocation_logging_configuration" "l" {}\n',
        ["gpt-4o-mini"],
    ),
    (
        "a.tf",
        'locals {\n  bedrock_model_id = "eu.anthropic.claude-sonnet-4-6"\n}\nresource "aws_lambda_function" "f" {\n  environment { variables = { MODEL_ID = "amazon.nova-micro-v1:0" } }\n}\n',
        ["eu.anthropic.claude-sonnet-4-6", "amazon.nova-micro-v1:0"],
    ),
    (
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "metadata": {}, "source": "from openai import OpenAI\\nOpenAI().responses.create(model=\\"gpt-4o\\", input=\\"x\\")"}, {"cell_type": "markdown", "source": ["use gpt-4"]}], "nbformat": 4}',
        ["gpt-4o"],
    ),
    (
        "settings.toml",
        '[default.llm]\nmodel = "mistral-large-latest"\nfallbacks = ["gpt-4o", "gemini-2.5-pro"]\n',
        ["mistral-large-latest", "gpt-4o", "gemini-2.5-pro"],
    ),
    (
        ".env.production",
        'GEMINI_MODEL="gemini-2.5-flash"\nCOHERE_MODEL=command-r-plus\nGROQ_MODEL=llama-3.3-70b-versatile\nWATSONX_MODEL_ID=ibm/granite-3-8b-instruct\nXAI_MODEL=grok-4\nDATABRICKS_MODEL=databricks-claude-sonnet-4\n# OLD=gpt-4\n',
        [
            "gemini-2.5-flash",
            "command-r-plus",
            "llama-3.3-70b-versatile",
            "ibm/granite-3-8b-instruct",
            "grok-4",
            "databricks-claude-sonnet-4",
        ],
    ),
    (
        "Dockerfile",
        'FROM ollama/ollama\nRUN ollama serve & sleep 5 && ollama pull mistral:7b\nENV LLM_MODEL="mistral:7b"\n',
        ["mistral:7b", "mistral:7b"],
    ),
    ("Modelfile", "FROM llama3.1:8b\nPARAMETER temperature 0\n", ["llama3.1:8b"]),
    (
        "settings.toml",
        '[vehicle]\nmodel = "corolla-2.0"\n[robot]\nmodel = "ur-10e"\ncommand = "command-r"\n[wind]\nname = "mistral"\n',
        [],
    ),
    ("main.go", 'package main\nvar d = Device{Serial: "o1-2024-12-17", Model: "X1-carbon"}\n', []),
    (
        "examples.json",
        '{"RoleArn": "arn:aws:iam::123456789012:role/demo", "ResourceArn": "arn:aws:appconfig:us-east-1:1:application/x"}\n',
        [],
    ),
    ("appsettings.json", '{"OpenAI": {"ApiKey": "x"}, "Printer": {"Model": "X-200"}}\n', []),
    (
        "a.sh",
        'curl https://shop.example/api -d \'{"model": "X-200"}\'\npython train.py --model resnet50\n',
        [],
    ),
    (
        "a.py",
        'import argparse\nimport openai\np = argparse.ArgumentParser()\np.add_argument("command")\nname = "mistral"\n',
        [],
    ),
    (
        "A.java",
        "import com.openai.client.OpenAIClient;\n/** Uses GPT_4O or ChatModel.GPT_4_1. */\nclass A { int HTTP_2 = 2; Object v = Version.V1_2; }\n",
        [],
    ),
    ("q.sql", "SELECT COMPLETE('x-200', a) FROM t WHERE endpoint = 'orders-v2';\n", []),
    (
        "a.py",
        'import sentence_transformers\nENCODERS = ["BAAI/bge-large-en-v1.5", "intfloat/multilingual-e5-large"]\n',
        ["BAAI/bge-large-en-v1.5", "intfloat/multilingual-e5-large"],
    ),
    (
        "Dockerfile",
        "FROM python\nARG ENCODER=sentence-transformers/all-mpnet-base-v2\n",
        ["sentence-transformers/all-mpnet-base-v2"],
    ),
    (
        "a.go",
        'import openai "github.com/sashabaranov/go-openai"\nvar m = map[string]string{\n\topenai.GPT4o: "x",\n}\n',
        ["GPT4o"],
    ),
    (
        "a.rb",
        'require "openai"\nFALLBACKS = %w[gpt-4o-mini gpt-3.5-turbo-0125].freeze\n',
        ["gpt-4o-mini", "gpt-3.5-turbo-0125"],
    ),
    (
        "a.rs",
        'use ollama_rs::Ollama;\nlet m = match b { Backend::Local => "mistral-nemo:12b" };\n',
        ["mistral-nemo:12b"],
    ),
    (
        ".env",
        "ALLOWED_MODELS=mistral-large-2411,grok-2-1212,deepseek-chat\n",
        ["mistral-large-2411", "grok-2-1212", "deepseek-chat"],
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n      - uses: actions/ai-inference@v1\n        with:\n          model: ${{ vars.NIGHTLY_MODEL }}\n",
        ["${{ vars.NIGHTLY_MODEL }}"],
    ),
    (
        "a.tf",
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Action = ["bedrock:InvokeModel", "bedrock:Converse"], Resource = ["arn:aws:bedrock:*::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0"] })\n}\n',
        ["anthropic.claude-3-7-sonnet-20250219-v1:0"],
    ),
    (
        "compose.yaml",
        "services:\n  v:\n    image: vllm/vllm-openai\n    command: >\n      --model meta-llama/Llama-3.1-8B-Instruct\n",
        ["meta-llama/Llama-3.1-8B-Instruct"],
    ),
    (
        "docker-compose.yml",
        "services:\n  edge:\n    environment:\n      AGENT_MODEL: edge-3-standard\n",
        [],
    ),
    ("k8s.yaml", "spec:\n  image: nvidia/cuda-12\n  repository: microsoft/phi-3\n", []),
]


@cache
def is_known(text: str) -> bool:
    return knows(load_library("acme").catalogue.models, text)


@pytest.mark.parametrize(
    ("path", "text", "wanted"), FORMS, ids=[f"{p} {t[:50]}" for p, t, _ in FORMS]
)
def test_a_form_is_found(path: str, text: str, wanted: list[str]) -> None:
    found = [
        m.text for m in find_mentions(path, text, is_known) if m.form not in ("sdk", "endpoint")
    ]
    assert sorted(found) == sorted(wanted)
