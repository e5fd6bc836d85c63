"""The lab's server: gives out the page and its reels, and reruns worlds in processes of their own. It knows nothing of views."""
