"""What AI looks like in code: hosts, packages, classes and the names of settings. A row a thing.

Sources: the documentation of each SDK; channels are those of data/models/channels.yaml.
"""

from __future__ import annotations

import re

# Hosts: a text that each has, since most files have none; its pattern, with the region where it
# names one; the channel.
_HOSTS = (
    ("api.openai", r"api\.openai\.com", "openai"),
    ("azure.com", r"[\w-]+\.openai\.azure\.com", "azure"),
    ("azure.com", r"[\w-]+\.services\.ai\.azure\.com", "azure"),
    ("azure.com", r"models\.inference\.ai\.azure\.com", "azure"),
    ("github.ai", r"models\.github\.ai", "azure"),
    (
        "bedrock-runtime",
        r"bedrock-runtime(?:-fips)?\.(?P<r1>[a-z0-9-]+)\.amazonaws\.com",
        "bedrock",
    ),
    ("aiplatform", r"(?P<r2>[a-z0-9-]+)-aiplatform\.googleapis\.com", "vertex"),
    ("aiplatform", r"aiplatform\.googleapis\.com", "vertex"),
    ("generativelanguage", r"generativelanguage\.googleapis\.com", "gemini"),
    ("api.anthropic", r"api\.anthropic\.com", "anthropic"),
    ("api.mistral", r"api\.mistral\.ai", "mistral"),
    ("api.cohere", r"api\.cohere\.(?:com|ai)", "cohere"),
    ("api.x.ai", r"api\.x\.ai", "xai"),
    ("api.deepseek", r"api\.deepseek\.com", "deepseek"),
    ("api.groq", r"api\.groq\.com", "groq"),
    ("api.together", r"api\.together\.(?:xyz|ai)", "together_ai"),
    ("api.fireworks", r"api\.fireworks\.ai", "fireworks_ai"),
    ("openrouter.ai", r"openrouter\.ai", "openrouter"),
    ("api.perplexity", r"api\.perplexity\.ai", "perplexity"),
    ("huggingface.co", r"(?:api-inference|router)\.huggingface\.co", "huggingface"),
    ("api.replicate", r"api\.replicate\.com", "replicate"),
    ("api.deepinfra", r"api\.deepinfra\.com", "deepinfra"),
    ("api.cerebras", r"api\.cerebras\.ai", "cerebras"),
    ("api.moonshot", r"api\.moonshot\.(?:ai|cn)", "moonshot"),
    ("dashscope", r"dashscope(?:-intl)?\.aliyuncs\.com", "dashscope"),
    ("ml.cloud.ibm", r"[\w.-]+\.ml\.cloud\.ibm\.com", "watsonx"),
    ("githubcopilot", r"api\.githubcopilot\.com", "github_copilot"),
    ("api.nvidia", r"integrate\.api\.nvidia\.com", "nvidia_nim"),
    ("serving-endpoints", r"[\w.-]+\.cloud\.databricks\.com/serving-endpoints", "databricks"),
    ("/cortex", r"[\w.-]+\.snowflakecomputing\.com/api/v2/cortex", "snowflake"),
    (":11434", r"(?:localhost|127\.0\.0\.1|ollama|host\.docker\.internal):11434", "ollama"),
    ("ollama.com", r"ollama\.com/api", "ollama-cloud"),
    # actions of GitHub
    ("actions/ai-inference", r"actions/ai-inference(?=@)", "azure"),
    ("claude-code", r"anthropics/claude-code(?:-base)?-action(?=@)", "anthropic"),
    ("codex-action", r"openai/codex-action(?=@)", "openai"),
    # images of servers
    ("vllm/vllm", r"vllm/vllm-openai", "vllm"),
    ("ollama/ollama", r"ollama/ollama(?![\w/])", "ollama"),
    ("text-generation-inference", r"huggingface/text-generation-inference", "vllm"),
)
HOSTS = [
    (anchor, re.compile(rf"(?<![\w.-]){host}", re.I), channel) for anchor, host, channel in _HOSTS
]

# Packages as they are imported or depended on -> channel ("" where the package has several).
PACKAGES = {
    # Python
    "openai": "openai", "anthropic": "anthropic", "mistralai": "mistral", "cohere": "cohere",
    "groq": "groq", "together": "together_ai", "ollama": "ollama", "litellm": "",
    "google.genai": "gemini", "google.generativeai": "gemini", "google-genai": "gemini",
    "google-generativeai": "gemini", "vertexai": "vertex", "replicate": "replicate",
    "langchain": "", "langchain_core": "", "langchain_community": "", "langchain-core": "",
    "langchain-community": "", "langchain_openai": "", "langchain-openai": "",
    "langchain_anthropic": "anthropic", "langchain-anthropic": "anthropic",
    "langchain_aws": "bedrock", "langchain-aws": "bedrock", "langchain_google_vertexai": "vertex",
    "langchain-google-vertexai": "vertex", "langchain_google_genai": "gemini",
    "langchain-google-genai": "gemini", "langchain_mistralai": "mistral",
    "langchain-mistralai": "mistral", "langchain_ollama": "ollama", "langchain-ollama": "ollama",
    "langchain_groq": "groq", "langchain-groq": "groq", "langgraph": "", "llama_index": "",
    "llama-index": "", "pydantic_ai": "", "pydantic-ai": "", "instructor": "", "dspy": "",
    "crewai": "", "autogen": "", "smolagents": "", "haystack": "", "semantic_kernel": "",
    "semantic-kernel": "", "transformers": "", "sentence_transformers": "",
    "sentence-transformers": "", "huggingface_hub": "huggingface", "vllm": "vllm",
    "azure.ai.inference": "azure", "azure-ai-inference": "azure", "anthropic_bedrock": "bedrock",
    "ibm_watsonx_ai": "watsonx", "dashscope": "dashscope", "xai_sdk": "xai", "fireworks": "fireworks_ai",
    "whisper": "self-hosted", "faster_whisper": "self-hosted", "elevenlabs": "elevenlabs",
    "voyageai": "voyage", "deepgram": "deepgram", "assemblyai": "assemblyai", "agno": "",
    "strands": "", "claude_agent_sdk": "anthropic", "openai_agents": "openai", "agents": "",
    "snowflake.cortex": "snowflake", "diffusers": "self-hosted", "google.adk": "gemini", "portkey_ai": "",
    # JavaScript and TypeScript
    "@huggingface/transformers": "self-hosted", "@xenova/transformers": "self-hosted",
    "@anthropic-ai/claude-agent-sdk": "anthropic", "@openai/agents": "openai",
    "@anthropic-ai/sdk": "anthropic", "@anthropic-ai/bedrock-sdk": "bedrock",
    "@anthropic-ai/vertex-sdk": "vertex", "@aws-sdk/client-bedrock-runtime": "bedrock",
    "@google/genai": "gemini", "@google/generative-ai": "gemini",
    "@google-cloud/vertexai": "vertex", "@mistralai/mistralai": "mistral", "cohere-ai": "cohere",
    "groq-sdk": "groq", "together-ai": "together_ai", "ai": "", "langchain/llms": "",
    "@langchain/core": "", "@langchain/openai": "openai", "@langchain/anthropic": "anthropic",
    "@langchain/aws": "bedrock", "@langchain/google-vertexai": "vertex",
    "@langchain/google-genai": "gemini", "@langchain/mistralai": "mistral",
    "@langchain/ollama": "ollama", "@ai-sdk/openai": "openai", "@ai-sdk/anthropic": "anthropic",
    "@ai-sdk/azure": "azure", "@ai-sdk/amazon-bedrock": "bedrock", "@ai-sdk/google": "gemini",
    "@ai-sdk/google-vertex": "vertex", "@ai-sdk/mistral": "mistral", "@ai-sdk/cohere": "cohere",
    "@ai-sdk/groq": "groq", "@ai-sdk/xai": "xai", "@azure/openai": "azure",
    "@openrouter/ai-sdk-provider": "openrouter", "@huggingface/inference": "huggingface",
    "llamaindex": "", "ollama-ai-provider": "ollama", "ollama-ai-provider-v2": "ollama",
    # Java and Kotlin
    "com.openai": "openai", "dev.langchain4j": "", "org.springframework.ai": "",
    "com.anthropic": "anthropic", "com.azure.ai.openai": "azure", "com.google.genai": "gemini",
    "software.amazon.awssdk.services.bedrockruntime": "bedrock", "com.theokanning.openai": "openai",
    "com.google.cloud.vertexai": "vertex",
    # Go
    "github.com/openai/openai-go": "openai", "github.com/sashabaranov/go-openai": "openai",
    "github.com/anthropics/anthropic-sdk-go": "anthropic", "google.golang.org/genai": "gemini",
    "github.com/aws/aws-sdk-go-v2/service/bedrockruntime": "bedrock",
    "github.com/tmc/langchaingo": "", "github.com/ollama/ollama": "ollama",
    "github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai": "azure",
    # C#
    "Azure.AI.OpenAI": "azure", "OpenAI": "openai", "Microsoft.SemanticKernel": "",
    "Anthropic.SDK": "anthropic", "Microsoft.Extensions.AI": "", "Amazon.BedrockRuntime": "bedrock",
    "AWSSDK.BedrockRuntime": "bedrock", "Azure.AI.Inference": "azure", "OllamaSharp": "ollama",
    # Ruby
    "ruby-openai": "openai", "ruby_llm": "", "langchainrb": "", "aws-sdk-bedrockruntime": "bedrock",
    # Rust
    "async-openai": "openai", "async_openai": "openai", "aws_sdk_bedrockruntime": "bedrock",
    "ollama-rs": "ollama", "ollama_rs": "ollama", "rig-core": "", "rig": "", "genai": "",
    # Swift
    "WhisperKit": "self-hosted", "FirebaseAI": "gemini", "FirebaseVertexAI": "vertex",
    # PHP
    "openai-php/client": "openai", "OpenAI\\Client": "openai",
}  # fmt: skip
# Names of packages that are ordinary words elsewhere: they count as imports, not in manifests of
# other languages.
ORDINARY = frozenset(
    (
        "ai",
        "together",
        "rig",
        "genai",
        "replicate",
        "cohere",
        "autogen",
        "fireworks",
        "OpenAI",
        "whisper",
        "agents",
        "strands",
        "agno",
        "deepgram",
    )
)

# What is called -> channel: classes, functions and clients that belong to one.
_CALLS = {
    "AzureOpenAI": "azure", "AsyncAzureOpenAI": "azure", "AzureChatOpenAI": "azure",
    "AzureOpenAIEmbeddings": "azure", "AzureOpenAIClient": "azure", "AzureOpenAIEmbedding": "azure",
    "createAzure": "azure", "OpenAIClientBuilder": "azure", "ChatCompletionsClient": "azure",
    "AddAzureOpenAIChatCompletion": "azure",
    "ChatOpenAI": "openai", "OpenAIEmbeddings": "openai", "AsyncOpenAI": "openai", "OpenAI": "openai",
    "createOpenAI": "openai", "OpenAIClient": "openai", "OpenAIOkHttpClient": "openai",
    "OpenAiChatModel": "openai", "AddOpenAIChatCompletion": "openai",
    "ChatBedrock": "bedrock", "ChatBedrockConverse": "bedrock", "BedrockEmbeddings": "bedrock",
    "AnthropicBedrock": "bedrock", "BedrockRuntimeClient": "bedrock", "bedrock-runtime": "bedrock",
    "BedrockChatModel": "bedrock", "createAmazonBedrock": "bedrock", "bedrockruntime": "bedrock",
    "AnthropicVertex": "vertex", "ChatVertexAI": "vertex", "GenerativeModel": "vertex",
    "VertexAiGeminiChatModel": "vertex", "createVertex": "vertex",
    "ChatGoogleGenerativeAI": "gemini", "GoogleGenAI": "gemini", "GoogleGenerativeAI": "gemini",
    "createGoogleGenerativeAI": "gemini",
    "Anthropic": "anthropic", "AsyncAnthropic": "anthropic", "ChatAnthropic": "anthropic",
    "AnthropicChatModel": "anthropic", "createAnthropic": "anthropic",
    "MistralClient": "mistral", "ChatMistralAI": "mistral", "Mistral": "mistral",
    "Groq": "groq", "ChatGroq": "groq", "ChatOllama": "ollama", "OllamaEmbeddings": "ollama",
    "OllamaChatModel": "ollama", "OllamaLLM": "ollama", "ChatCohere": "cohere",
    "CohereClient": "cohere", "ChatXAI": "xai", "ChatDeepSeek": "deepseek",
    "HuggingFaceEndpoint": "huggingface", "InferenceClient": "huggingface",
    "from_pretrained": "self-hosted", "SentenceTransformer": "self-hosted",
}  # fmt: skip
CALLS = re.compile(
    r"(?<![\w.-])(?:\w+\.)?(?P<name>" + "|".join(map(re.escape, sorted(_CALLS, key=len, reverse=True)))
    + r")(?=[\"'\s]*[(.<:{)\]]|[\"'])"
)  # fmt: skip
CALL_CHANNELS = _CALLS
# What is called with the name of a model first -> the word that the file must have, too, where
# the name alone says little. A name of a deployment stands there where the channel is Azure.
MODEL_CALLS = {
    "SentenceTransformer": "", "CrossEncoder": "", "InferenceClient": "", "AsyncInferenceClient": "",
    "from_pretrained": "", "snapshot_download": "", "hf_hub_download": "", "GenerativeModel": "",
    "getGenerativeModel": "", "ChatClient": "OpenAI", "EmbeddingClient": "OpenAI",
    "GetChatClient": "", "GetEmbeddingClient": "", "GetOpenAIResponseClient": "",
    "AddOpenAIChatCompletion": "", "AddAzureOpenAIChatCompletion": "",
    "AddAzureOpenAITextEmbeddingGeneration": "", "AddOpenAITextEmbeddingGeneration": "",
    "WithModel": "", "LLM": "", "LM": "dspy", "completion": "litellm", "acompletion": "litellm",
    "embedding": "litellm", "init_chat_model": "", "from_provider": "instructor", "ModelId": "",
    "pull": "ollama", "load_model": "whisper", "WhisperModel": "whisper", "run": "eplicate",
    "complete": "cortex", "Agent": "pydantic_ai", "azure": "@ai-sdk/azure", "agent": "rig::",
    "languageModel": "", "embedding_model": "rig::", "chat": "ollama", "WhisperKitConfig": "",
    "ollama": "ollama-ai-provider",
    **dict.fromkeys(
        ("openai", "anthropic", "google", "bedrock", "vertex", "mistral", "groq", "xai", "cohere",
         "deepseek", "openrouter"), "ai-sdk",
    ),
}  # fmt: skip
# Short names of models in the settings of assistants.
ALIASES = frozenset(("opus", "sonnet", "haiku", "opusplan", "sonar"))
# Providers that configurations name in a key of their own.
PROVIDER_KEY = re.compile(r"(?:custom_llm_)?provider|model_?provider|api_?type|llm_?provider", re.I)

_MODEL_KEY = re.compile(
    r"(?:.*_)?(?:models?|model_?(?:id|name|ref|string|key)|engine|deployments?|deployment_?(?:name|id|model)|"
    r"inference_?profile(?:_?(?:arn|id))?|fallbacks?|llm|embeddings?_model)"
)
_SPECIFIC_KEY = re.compile(
    r"(?:.*_)?(?:openai|azure_openai|aoai|anthropic|claude|bedrock|gemini|vertex(?:_?ai)?|mistral|"
    r"ollama|llm|gpt|groq|cohere|litellm|xai|grok|deepseek|openrouter|together|fireworks|copilot|"
    r"chat|completions?|embed(?:der|dings?)?|ai|genai|agent|judge|summar\w+|rag|rerank(?:er)?|whisper|asr|stt|"
    r"tts|vision|language|cortex|deepgram|elevenlabs|voyage|jina|huggingface|hf|llama|perplexity)_(?:\w+_)?"
    r"(?:models?|model_?(?:id|name)|deployment|deployment_?(?:name|id)|engine)|"
    r"azure_deployment(?:_name)?|inference_profile_?(?:arn|id)|small_fast_model|weak_model|editor_model"
)
_DEPLOYMENT_KEY = re.compile(
    r"(?:.*_)?(?:azure_)?deployments?(?:_?(?:name|id|model))?|(?:.*_)?engine"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Files of assistants and gateways, where a model key means a model without more.
CONFIGS = re.compile(
    r"(?:^|/)(?:[\w.-]*litellm[\w.-]*\.ya?ml|\.continue/config\.(?:ya?ml|json)|\.continue/[\w/.-]+\.ya?ml|"
    r"\.cursor/[\w.-]+\.json|\.claude/[\w.-]+\.json|\.claude/agents/[\w.-]+\.md|\.codex/config\.toml|"
    r"\.aider\.conf\.ya?ml|\.github/copilot[\w.-]*|\.github/(?:agents|chatmodes|prompts)/[\w.-]+\.md|"
    r"promptfoo(?:config)?\.ya?ml|[\w.-]*\.prompt\.ya?ml|langgraph\.json|opencode\.json|\.caio\.yaml|Modelfile)$",
    re.I,
)


def snake(key: str) -> str:
    """A key in small letters with underscores, however it is written."""
    return _CAMEL.sub("_", key).replace("-", "_").replace(".", "_").replace(" ", "_").lower()


def is_model_key(key: str) -> bool:
    """Whether a model may stand under this name, where AI is in use."""
    return bool(_MODEL_KEY.fullmatch(snake(key)) or is_specific_key(key))


def is_specific_key(key: str) -> bool:
    """Whether the name itself says that an AI model stands there."""
    return bool(_SPECIFIC_KEY.fullmatch(snake(key)))


def is_deployment_key(key: str) -> bool:
    """Whether a name of a deployment stands there, which hides the model."""
    return bool(_DEPLOYMENT_KEY.fullmatch(snake(key)))


_KEY_CHANNELS = re.compile(
    r"(?:^|_)(azure|aoai|bedrock|vertex|ollama|openai|anthropic|claude|gemini|mistral|groq|cohere|"
    r"deepseek|xai|grok|openrouter|together|fireworks|databricks|snowflake|watsonx|perplexity)_"
)
_WORDS = {
    "aoai": "azure",
    "claude": "anthropic",
    "grok": "xai",
    "together": "together_ai",
    "fireworks": "fireworks_ai",
}


def channel_of_key(key: str) -> str:
    """The provider that a name speaks of: that of AZURE_OPENAI_DEPLOYMENT is azure."""
    found = _KEY_CHANNELS.search(snake(key) + "_")
    return _WORDS.get(found[1], found[1]) if found else ""


# Keys of settings under which everything is about a provider of models.
PROVIDER_PARENT = re.compile(
    r"(?:^|[\s\"'.{\[])(?:azure(?:[-_.]?openai)?|AzureOpenAI|openai|OpenAI|anthropic|Anthropic|bedrock|"
    r"Bedrock|vertex[-_]?ai|mistral(?:ai)?|ollama|Ollama|litellm|promptfoo|llms?)"
    r"(?:[\"']?\s*(?::|\.\w|=|\{)|[\"']?\]\s*$)",
    re.M,
)
# A name of a model that nobody knows yet has one of these, or a publisher before a slash.
LIKE_A_MODEL = re.compile(
    r"[/:]|gpt|claude|sonnet|opus|haiku|gemini|gemma|llama|mi[sx]tral|deepseek|qwen|grok|phi-|command-|"
    r"embed|nova-|titan|whisper|dall-e|flux|sonar|kimi|glm-|granite|jamba|codestral|rerank|instruct|chat",
    re.I,
)
# A model of the hub by its publisher, and a tag of Ollama: no other thing is called so.
PUBLISHED = re.compile(
    r"(?:BAAI|intfloat|sentence-transformers|meta-llama|mistralai|Qwen|deepseek-ai|HuggingFaceH4|nomic-ai|"
    r"cross-encoder|mixedbread-ai|jinaai|tiiuae|ibm-granite|black-forest-labs|stabilityai|thenlper|"
    r"Alibaba-NLP|CohereForAI|CohereLabs|EleutherAI|bigscience|bigcode|TheBloke|unsloth|Snowflake|"
    r"nvidia|google|microsoft|openai|facebook|databricks|moonshotai|zai-org)/(?=[\w.-]*\d)[\w.-]+"
)
TAG = re.compile(
    r"(?:llama|codellama|mistral|mixtral|qwen|gemma|phi|deepseek|starcoder|nomic|granite|gpt-oss|command-r|"
    r"yi|falcon|vicuna|orca|solar|smollm|tinyllama|wizard|hermes)[\w.-]*:(?:\d[\w.-]*|latest|instruct[\w.-]*)"
)
# Keys that say enough where the value could be anything.
STRONG_KEY = re.compile(
    r"llm|gpt|embed|rerank|whisper|genai|litellm|copilot|tts|stt|asr|inference_profile|fast_model|cortex|"
    r"azure_deployment|jina|voyage|deepgram|elevenlabs|huggingface|llama"
)
# Keys that end like a model's and hold a class or a schema.
NO_MODEL_KEY = re.compile(
    r"(?:response|output|input|request|pydantic|data|base|user|auth)_model", re.I
)
